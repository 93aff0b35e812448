import { TerraneError } from "../base/errors.js";
import { ChunkFlags, HASHED_FROM, writeChunkHeader, writeHash } from "../format/chunkData.js";
import { encodeChunkFile } from "../format/chunkFile.js";
import { worldKeyOf } from "../format/worldKey.js";
import { ChunkFields, GRID_MARGIN } from "../generators/chunkFields.js";
import { MEMORY_FULL, TOO_MANY_CROSSINGS, TOO_MANY_VERTICES } from "../kernels/kernelConstants.js";
import type { KernelExports, Kernels } from "../kernels/kernels.js";
import { heightGridIndexCount, heightGridTriangleCount } from "../meshing/heightGridIndices.js";
import { levelHasCaves, levelHasWalls, quantumAt, SKIRT_SHARE, spacingAt } from "../recipe/lattice.js";
import { latticeErrorAt } from "../recipe/latticeError.js";
import { lipOpeningAt } from "../recipe/lips.js";
import type { Recipe } from "../recipe/recipe.js";
import { assertAddress, NO_FACE, type ChunkAddress } from "../space/chunkAddress.js";
import { createTopology } from "../space/createTopology.js";
import { PlanetTopology } from "../space/planetTopology.js";
import { sideAt, type Topology } from "../space/topology.js";
import { CHUNK_LIMIT, ChunkLimitError, NO_MEMORY } from "./chunkLimitError.js";
import { GENERATOR_VERSION } from "./generatorVersion.js";
import { STAGES, type ChunkEncoding, type Stage, type StageMs } from "./protocol.js";

/** Metres of rock after which no daylight shows on cave walls: a stand-in for light that falls in at the mouth. */
const DAYLIGHT_DEPTH = 24;
/** Metres from a mouth's lip over which ground turns to cave rock. */
const LIP = 1.5;
/**
 * Metres between samples up to which they tell whether a chunk lies in cave country. Samples farther apart may miss all
 * of it.
 */
const COUNTRY_SPACING = 256;

/** Samples by which cave distance grows from one to the next at most: measured. */
const CAVE_STEEPNESS = 1.5;
/** Columns from any of a border's to one that is asked for caves. */
const COLUMNS_TO_ASKED = 2;

const OUT_OF_MEMORY =
    "it needs more working memory than the 128 MB that kernels take, or than this thread has left. " +
    "Raise caves.latticeStep, or lower caves.maxDepth or terrain.resolution.";

const INT16_MIN = -32_768;
const INT16_MAX = 32_767;

export interface BakedChunk {
    /** Holds the chunk from byte 0: the buffer given, or a larger one where that was too small. */
    readonly buffer: ArrayBuffer;
    readonly byteLength: number;
    readonly stageMs: StageMs;
    /** The buffer given, where it was too small. */
    readonly unused: ArrayBuffer | null;
}

/** A surface before it is bytes. */
interface Surface {
    readonly isFused: boolean;
    readonly hasWalls: boolean;
    /** Metres: height of the origin of positions. */
    readonly baseY: number;
    /** Triangles that are not skirts. */
    readonly triangles: number;
}

/** Scratch: x, y, z of a chunk's frame. */
const origin = new Float64Array(3);

/**
 * Bakes a recipe's chunks, one at a time. Pure: recipe and address in, bytes out; all that it keeps between chunks are
 * macro tiles. The kernels do the work, in their memory; the finished bytes are copied once.
 */
export class ChunkBaker {
    private readonly _fields: ChunkFields;
    private readonly _exports: KernelExports;
    private readonly _topology: Topology;
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
        this._topology = createTopology(recipe);
    }

    /**
     * Bakes one chunk into `buffer` from byte 0. For encoding `file`, `initChunkCodecAsync` must have been awaited on
     * this thread.
     *
     * @throws TerraneError where the address is not of this world
     */
    public bake(address: ChunkAddress, buffer: ArrayBuffer, encoding: ChunkEncoding = "packed"): BakedChunk {
        assertAddress(address);
        this._assertOfWorld(address);
        this._stageMs = new Array<number>(STAGES.length).fill(0);
        this._stageStartMs = performance.now();
        const chunk = this._bakePacked(address);
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

    private _bakePacked(address: ChunkAddress): Uint8Array {
        try {
            return this._serialize(address, this._buildSurface(address, true));
        } catch (error) {
            const failure = this._exports.takeFailure();
            if (failure === TOO_MANY_VERTICES || failure === TOO_MANY_CROSSINGS) {
                // Ground without holes, walled against its neighbours' tunnels, is better than none.
                return this._serialize(address, this._buildSurface(address, false));
            }
            throw failure === MEMORY_FULL ? new ChunkLimitError(NO_MEMORY, OUT_OF_MEMORY) : error;
        }
    }

    private get _worldKey(): string {
        this._world ||= worldKeyOf(this.recipe, GENERATOR_VERSION);
        return this._world;
    }

    /** @param mayFuse whether caves are looked for */
    private _buildSurface({ face, level, x, z }: ChunkAddress, mayFuse: boolean): Surface {
        const { _fields: fields, _exports: exports } = this;
        const { resolution } = fields.lattice;
        const count = resolution + 1 + 2 * GRID_MARGIN;
        const firstX = x * resolution - GRID_MARGIN;
        const firstZ = z * resolution - GRID_MARGIN;
        fields.fillMacro(level, firstX, firstZ, count, count, face);
        this._endStage("noise");
        fields.fillHeights(level, firstX, firstZ, GRID_MARGIN, true);
        const lowest = exports.lowestQuantum();
        const highest = exports.highestQuantum();
        const quantum = quantumAt(this.recipe, level);
        const cavesDepth = Math.round(this.recipe.caves.maxDepth / quantum);
        let skirt = this._skirtAt(level, INT16_MAX - INT16_MIN - 1 - (highest - lowest) - cavesDepth);
        this._endStage("heightfield");

        const spacing = fields.spacingAt(level);
        const quantaPerSample = spacing / quantum;
        const slopeScale = 1 / (2 * spacing);
        const box = mayFuse ? fields.prepareCaves(level, firstX, firstZ, count, count, false, face) : null;
        this._endStage("sdf");
        if (box !== null) {
            const base = this._baseOf(lowest - cavesDepth - skirt, highest, level);
            const originY = base - box.firstRow * quantaPerSample;
            const [daylight, lip] = [DAYLIGHT_DEPTH / spacing, LIP / spacing];
            const reach = this._caveReachAt(level);
            const isFused = exports.meshVolume(GRID_MARGIN, originY, daylight, lip, slopeScale, 0) !== 0;
            if (isFused) {
                const triangles = exports.indicesMade() / 3;
                exports.addSkirts(skirt, reach, GRID_MARGIN, originY);
                this._endStage("fusion");
                exports.splitVertices();
                exports.alignTangents();
                this._endStage("tangents");
                return { isFused, hasWalls: false, baseY: base * quantum, triangles };
            }
            // A finer level may have tunnels that are too thin for this one.
            skirt += Math.ceil(exports.deepestAir(GRID_MARGIN, reach));
        }
        const hasWalls = levelHasWalls(this.recipe, level) || !mayFuse || fields.areCavesTooLarge;
        // Caves end so deep below the ground that is finest; how far this one lies above it, skirts allow for.
        const isWalled = hasWalls && (spacing > COUNTRY_SPACING || exports.touchesCaveCountry() !== 0);
        const wall = isWalled ? cavesDepth + skirt : 0;
        const base = this._baseOf(lowest - Math.max(skirt, wall), highest, level);
        exports.meshHeightGrid(GRID_MARGIN, quantaPerSample, base, skirt, slopeScale, hasWalls ? wall : -1);
        this._endStage("fusion");
        return { isFused: false, hasWalls, baseY: base * quantum, triangles: heightGridTriangleCount(resolution) };
    }

    /**
     * Returns how far skirts hang below a chunk's border, in quanta: as far as other levels beside it may lie, but a share of its
     * side at least.
     *
     * @param room quanta below the ground that int16 has left
     */
    private _skirtAt(level: number, room: number): number {
        const { resolution } = this._fields.lattice;
        const quantum = quantumAt(this.recipe, level);
        const share = Math.ceil((sideAt(this.recipe.chunkSize, level) / quantum) * SKIRT_SHARE);
        // Coarser levels are rounded to quanta of their own.
        const coarsest = quantumAt(this.recipe, level + Math.log2(resolution));
        const gap = Math.ceil(this._exports.levelGap() + coarsest / quantum);
        return Math.max(share, Math.min(gap, room));
    }

    /**
     * Returns how far from a tunnel's wall, in samples, a column that is asked for caves may be while another level has the tunnel
     * in a column near it: see `addSkirts`.
     */
    private _caveReachAt(level: number): number {
        const { caves } = this.recipe;
        let coarsest = level;
        while (levelHasCaves(this.recipe, coarsest + 1)) {
            coarsest++;
        }
        const [spacing, widest] = [spacingAt(this.recipe, level), spacingAt(this.recipe, coarsest)];
        const error =
            latticeErrorAt(Math.max(caves.latticeStep, spacing), caves) +
            latticeErrorAt(Math.max(caves.latticeStep, widest), caves) +
            lipOpeningAt(coarsest, widest);
        return CAVE_STEEPNESS * (COLUMNS_TO_ASKED + error / spacing);
    }

    /** Returns the middle between a chunk's lowest vertex and its highest, in quanta: from there int16 reaches both. */
    private _baseOf(lowest: number, highest: number, level: number): number {
        const base = Math.round((lowest + highest) / 2);
        if (lowest - base < INT16_MIN || highest - base > INT16_MAX) {
            const quantum = quantumAt(this.recipe, level);
            throw new ChunkLimitError(
                CHUNK_LIMIT,
                `its heights span ${(highest - lowest) * quantum} m, more than the ${65_535 * quantum} m that its recipe ` +
                    "promises. The recipe is steeper than Terrane allows for: lower its heights, and report it.",
            );
        }
        return base;
    }

    /** Returns the chunk data, where it lies in the kernels' memory until the next call. */
    private _serialize(address: ChunkAddress, surface: Surface): Uint8Array {
        const { _exports: exports } = this;
        const { isFused, hasWalls, baseY, triangles } = surface;
        const { resolution } = this._fields.lattice;
        const { face, level, x, z } = address;
        this._topology.originToRef(face, level, x, z, origin);
        if (this._topology instanceof PlanetTopology) {
            this._bend(this._topology.radius, level, surface);
        } else {
            origin[1]! += baseY;
        }
        const byteLength = exports.finishChunk();
        const start = exports.chunkStart();
        const bytes = new Uint8Array(exports.memory.buffer, start, byteLength);
        writeChunkHeader(bytes, {
            address,
            generatorVersion: GENERATOR_VERSION,
            byteLength,
            flags:
                (isFused ? ChunkFlags.fused : 0) |
                (hasWalls ? ChunkFlags.walled : 0) |
                (exports.isIndex32() !== 0 ? ChunkFlags.index32 : 0),
            quantum: quantumAt(this.recipe, address.level),
            origin: { x: origin[0]!, y: origin[1]!, z: origin[2]! },
            minimum: {
                x: exports.leastCoordinate(0),
                y: exports.leastCoordinate(1),
                z: exports.leastCoordinate(2),
            },
            maximum: {
                x: exports.greatestCoordinate(0),
                y: exports.greatestCoordinate(1),
                z: exports.greatestCoordinate(2),
            },
            vertexCount: exports.verticesMade(),
            indexCount: isFused ? exports.indicesMade() : heightGridIndexCount({ resolution, hasWalls }),
            surfaceTriangleCount: triangles,
        });
        this._endStage("serialize");
        writeHash(bytes, exports.hash64(start + HASHED_FROM, byteLength - HASHED_FROM));
        this._endStage("hash");
        return bytes;
    }

    /** Bends a planet's surface, and moves `origin`, which is a place at altitude 0, to where positions are counted from then. */
    private _bend(radius: number, level: number, { isFused, baseY }: Surface): void {
        const quantum = quantumAt(this.recipe, level);
        const spacing = this._fields.spacingAt(level);
        for (let axis = 0; axis < 3; axis++) {
            // Whole quanta of the planet's axes, which neighbours share.
            origin[axis] = Math.round((origin[axis]! * (radius + baseY)) / radius / quantum) * quantum;
        }
        const fits = this._exports.bendSurface(
            GRID_MARGIN,
            radius,
            quantum,
            spacing / quantum,
            baseY / quantum,
            origin[0]! / quantum,
            origin[1]! / quantum,
            origin[2]! / quantum,
            isFused ? 0 : 1 / (2 * spacing),
        );
        if (fits === 0) {
            throw new ChunkLimitError(
                CHUNK_LIMIT,
                `its vertices lie farther apart than the ${INT16_MAX - INT16_MIN} quanta of ${quantum} m that its recipe promises. ` +
                    "The recipe is steeper than Terrane allows for: lower its heights, and report it.",
            );
        }
    }

    /** Throws where an address is not of this world. */
    private _assertOfWorld({ face, level, x, z }: ChunkAddress): void {
        if (!(this._topology instanceof PlanetTopology)) {
            check("face", face, face === NO_FACE, `${NO_FACE} on flat worlds`, "Leave the face out.");
            return;
        }
        const { rootLevel } = this._topology;
        const last = this._topology.chunksAlong(level) - 1;
        check("face", face, face !== NO_FACE, "0 to 5 on planets", "Name the face.");
        check("level", level, level <= rootLevel, `at most ${rootLevel}, where a face is one chunk`, "Lower it.");
        check("x", x, x <= last, `at most ${last} at level ${level}`, "Name a chunk on the face.");
        check("z", z, z <= last, `at most ${last} at level ${level}`, "Name a chunk on the face.");
    }

    private _endStage(stage: Stage): void {
        const now = performance.now();
        this._stageMs[STAGES.indexOf(stage)]! += now - this._stageStartMs;
        this._stageStartMs = now;
    }
}

function check(field: string, value: number, isValid: boolean, allowed: string, remedy: string): void {
    if (!isValid) {
        throw new TerraneError(`address.${field}`, value, allowed, remedy);
    }
}

/** Returns the buffer of bytes that fill one, else one of their size. The kernels' memory is not theirs. */
function ownBufferOf({ buffer, byteLength }: Uint8Array): ArrayBuffer {
    const isOwn = buffer instanceof ArrayBuffer && buffer.byteLength === byteLength;
    return isOwn ? buffer : new ArrayBuffer(byteLength);
}
