import { TerraneError } from "../base/errors.js";
import { ChunkFlags, HASHED_FROM, writeChunkHeader, writeHash } from "../format/chunkData.js";
import { encodeChunkFile } from "../format/chunkFile.js";
import { worldKeyOf } from "../format/worldKey.js";
import { ChunkFields, GRID_MARGIN } from "../generators/chunkFields.js";
import { quantumAt } from "../generators/lattice.js";
import type { KernelExports, Kernels } from "../kernels/kernels.js";
import { heightGridIndexCount, heightGridTriangleCount } from "../meshing/heightGridIndices.js";
import type { Recipe } from "../recipe/recipe.js";
import { assertAddress, NO_FACE, type ChunkAddress } from "../space/chunkAddress.js";
import { GENERATOR_VERSION } from "./generatorVersion.js";
import { STAGES, type ChunkEncoding, type Stage, type StageMs } from "./protocol.js";

/** Skirts reach this share of a chunk's side below a height grid's border: four samples of a chunk of 64 cells. */
const SKIRT_SHARE = 1 / 16;
/** Fused chunks' skirts run along normals and must not come out of thin walls: two samples. `ChunkMeshSlot` counts on this in its bounds. */
const FUSED_SKIRT_SAMPLES = 2;
/** Metres of rock after which no daylight shows on cave walls: a stand-in for light that falls in at the mouth. */
const DAYLIGHT_DEPTH = 14;
/** Metres from a mouth's lip over which ground turns to cave rock. */
const LIP = 1.5;

export interface BakedChunk {
    /** Holds the chunk from byte 0: the buffer given, or a larger one where that was too small. */
    readonly buffer: ArrayBuffer;
    readonly byteLength: number;
    readonly stageMs: StageMs;
    /** The buffer given, where it was too small. */
    readonly unused: ArrayBuffer | null;
}

/** What a surface is before it is bytes. */
interface Surface {
    readonly isFused: boolean;
    /** Metres: height of positions' y = 0. */
    readonly baseY: number;
    /** Triangles that are not skirts. */
    readonly triangles: number;
}

/**
 * Bakes a recipe's chunks, one at a time. Pure: recipe and address in, bytes out; what it keeps between chunks are macro
 * tiles. All work is done by the kernels, in their memory; the finished bytes are copied once.
 */
export class ChunkBaker {
    private readonly _fields: ChunkFields;
    private readonly _exports: KernelExports;
    /** Key of the world, once it was asked for. */
    private _world = "";
    private _stageMs: StageMs = [];
    private _stageStartMs = 0;

    public constructor(
        public readonly recipe: Recipe,
        public readonly kernels: Kernels,
    ) {
        this._fields = new ChunkFields(recipe, kernels);
        this._exports = kernels.exports;
    }

    /**
     * Bakes one chunk into `buffer` from byte 0. For encoding `file`, `initChunkCodecAsync` must have been awaited on this
     * thread.
     *
     * @throws TerraneError where the address is none of this world
     */
    public bake(address: ChunkAddress, buffer: ArrayBuffer, encoding: ChunkEncoding = "packed"): BakedChunk {
        assertAddress(address);
        if (address.face !== NO_FACE) {
            throw new TerraneError("address.face", address.face, `${NO_FACE} on flat worlds`, "Leave the face out.");
        }
        this._stageMs = new Array<number>(STAGES.length).fill(0);
        this._stageStartMs = performance.now();
        const chunk = this._serialize(address, this._buildSurface(address));
        const bytes = encoding === "file" ? encodeChunkFile(chunk, this._worldKey, buffer) : chunk;
        const fits = buffer.byteLength >= bytes.byteLength;
        const filled = fits ? buffer : ownBufferOf(bytes);
        if (bytes.buffer !== filled) {
            new Uint8Array(filled, 0, bytes.byteLength).set(bytes);
        }
        this._endStage("serialize");
        return {
            buffer: filled,
            byteLength: bytes.byteLength,
            stageMs: this._stageMs,
            unused: fits ? null : buffer,
        };
    }

    private get _worldKey(): string {
        this._world ||= worldKeyOf(this.recipe, GENERATOR_VERSION);
        return this._world;
    }

    private _buildSurface({ level, x, z }: ChunkAddress): Surface {
        const { _fields: fields, _exports: exports } = this;
        const { resolution } = fields.lattice;
        const count = resolution + 1 + 2 * GRID_MARGIN;
        const firstX = x * resolution - GRID_MARGIN;
        const firstZ = z * resolution - GRID_MARGIN;
        fields.fillMacro(level, firstX, firstZ, count, count);
        this._endStage("noise");
        fields.fillHeights(level, firstX, firstZ, GRID_MARGIN);
        const lowest = exports.lowestQuantum();
        const highest = exports.highestQuantum();
        this._endStage("heightfield");

        const spacing = fields.spacingAt(level);
        const quantum = quantumAt(this.recipe, level);
        const quantaPerSample = spacing / quantum;
        const slopeScale = 1 / (2 * spacing);
        // Level 0 stays true to the field, which players walk in.
        const isSealed = level > 0 && !fields.hasCavesAt(level + 1);
        const curtain = Math.ceil(this.recipe.caves.maxDepth / quantum);
        const box = fields.prepareCaves(level, firstX, firstZ, count, count, isSealed, false);
        this._endStage("sdf");
        if (box !== null) {
            // Between the highest ground and the deepest cave: keeps int16 heights far from their limits.
            const base = Math.round((lowest - this.recipe.caves.maxDepth / quantum + highest) / 2);
            const originY = base - box.firstRow * quantaPerSample;
            const [daylight, lip] = [DAYLIGHT_DEPTH / spacing, LIP / spacing];
            const isFused = exports.meshVolume(GRID_MARGIN, originY, daylight, lip, slopeScale, 0) !== 0;
            if (isFused) {
                const triangles = exports.indicesMade() / 3;
                if (isSealed) {
                    exports.addCurtains(curtain, resolution * quantaPerSample);
                } else {
                    exports.addSkirts(FUSED_SKIRT_SAMPLES * quantaPerSample, GRID_MARGIN, originY);
                }
                this._endStage("fusion");
                exports.splitVertices();
                exports.alignTangents();
                this._endStage("tangents");
                return { isFused, baseY: base * quantum, triangles };
            }
        }
        const base = Math.round((lowest + highest) / 2);
        const skirt = Math.ceil(resolution * quantaPerSample * SKIRT_SHARE);
        // A sealed chunk in cave country may have caves at its border alone: they are gone, its neighbours' are not.
        const drop = box !== null && isSealed ? Math.max(skirt, curtain) : skirt;
        exports.meshHeightGrid(GRID_MARGIN, quantaPerSample, base, drop, slopeScale);
        this._endStage("fusion");
        return { isFused: false, baseY: base * quantum, triangles: heightGridTriangleCount(resolution) };
    }

    /** The chunk data, where it lies in the kernels' memory until the next call. */
    private _serialize(address: ChunkAddress, surface: Surface): Uint8Array {
        const { _exports: exports } = this;
        const { isFused, baseY, triangles } = surface;
        const quantum = quantumAt(this.recipe, address.level);
        const byteLength = exports.finishChunk();
        const start = exports.chunkStart();
        const bytes = new Uint8Array(exports.memory.buffer, start, byteLength);
        writeChunkHeader(bytes, {
            address,
            generatorVersion: GENERATOR_VERSION,
            byteLength,
            flags: (isFused ? ChunkFlags.fused : 0) | (exports.isIndex32() !== 0 ? ChunkFlags.index32 : 0),
            quantum,
            baseY,
            minY: baseY + exports.lowestVertex() * quantum,
            maxY: baseY + exports.highestVertex() * quantum,
            vertexCount: exports.verticesMade(),
            indexCount: isFused ? exports.indicesMade() : heightGridIndexCount(this._fields.lattice.resolution),
            surfaceTriangleCount: triangles,
        });
        this._endStage("serialize");
        writeHash(bytes, exports.hash64(start + HASHED_FROM, byteLength - HASHED_FROM));
        this._endStage("hash");
        return bytes;
    }

    private _endStage(stage: Stage): void {
        const now = performance.now();
        this._stageMs[STAGES.indexOf(stage)]! += now - this._stageStartMs;
        this._stageStartMs = now;
    }
}

/** The very buffer of bytes that fill one, else one of their size. The kernels' memory is not theirs. */
function ownBufferOf({ buffer, byteLength }: Uint8Array): ArrayBuffer {
    const isOwn = buffer instanceof ArrayBuffer && buffer.byteLength === byteLength;
    return isOwn ? buffer : new ArrayBuffer(byteLength);
}
