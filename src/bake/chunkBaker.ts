import {
    ChunkFlags,
    CHUNK_HEADER_BYTES,
    chunkByteLength,
    VertexLayout,
    writeChunkHash,
    writeChunkHeader,
} from "../format/chunkData.js";
import { CaveField } from "../generators/caveField.js";
import { createCaveVolume, fillCaveVolume, touchesCaveCountry } from "../generators/caveVolume.js";
import { createHeightGrid, HeightField } from "../generators/heightField.js";
import { quantumAt, type Lattice } from "../generators/lattice.js";
import { mapCaveWalls } from "../meshing/boxMapping.js";
import { densityBetween, needsFusion } from "../meshing/density.js";
import { createFusionScratch, meshVolume } from "../meshing/fusedMesh.js";
import { heightGridIndexCount } from "../meshing/heightGridIndices.js";
import { meshHeightGrid } from "../meshing/heightGridMesh.js";
import { packTangents, packVertices } from "../meshing/packVertices.js";
import { addSkirts } from "../meshing/skirts.js";
import { createSurfaceMesh } from "../meshing/surfaceMesh.js";
import type { Recipe } from "../recipe/recipe.js";
import { assertAddress, NO_FACE, type ChunkAddress } from "../space/chunkAddress.js";
import { TerraneError } from "../base/errors.js";
import { GENERATOR_VERSION } from "./generatorVersion.js";
import { STAGES, type Stage, type StageMs } from "./protocol.js";

/** Skirts reach this share of a chunk's side below a height grid's border: four samples of a chunk of 64 cells. */
const SKIRT_SHARE = 1 / 16;
/** Fused chunks' skirts run along normals and must not come out of thin walls. `ChunkMeshSlot` counts on this in its bounds. */
const FUSED_SKIRT_SHARE = 1 / 32;

/** Index 65535 restarts the primitive in WebGL 2, so no vertex may have it. */
const LARGEST_INDEX16 = 65_535;

export interface BakedChunk {
    /** Holds the chunk data from byte 0: the buffer given, or a larger one where that was too small. */
    readonly buffer: ArrayBuffer;
    readonly byteLength: number;
    readonly stageMs: StageMs;
    /** The buffer given, where it was too small. */
    readonly unused: ArrayBuffer | null;
}

/**
 * Bakes a recipe's chunks, one at a time. Pure: recipe and address in, bytes out; what it keeps between chunks are work
 * buffers and macro tiles. Await `initHashAsync` on this thread before the first bake.
 */
export class ChunkBaker {
    private readonly _heights: HeightField;
    private readonly _caves: CaveField;
    private readonly _lattice: Lattice;
    private readonly _grid = createHeightGrid();
    private readonly _volume = createCaveVolume();
    private readonly _mesh = createSurfaceMesh();
    private readonly _fusion = createFusionScratch();
    private _stageMs: StageMs = [];
    private _stageStartMs = 0;

    public constructor(public readonly recipe: Recipe) {
        this._heights = new HeightField(recipe);
        this._caves = new CaveField(recipe);
        this._lattice = this._heights.lattice;
    }

    /** Bakes one chunk into `buffer` from byte 0. Throws a `TerraneError` where the address is none of this world. */
    public bake(address: ChunkAddress, buffer: ArrayBuffer): BakedChunk {
        assertAddress(address);
        if (address.face !== NO_FACE) {
            throw new TerraneError("address.face", address.face, `${NO_FACE} on flat worlds`, "Leave the face out.");
        }
        this._stageMs = new Array<number>(STAGES.length).fill(0);
        this._stageStartMs = performance.now();
        const isFused = this._buildSurface(address);
        return this._serialize(address, isFused, buffer);
    }

    private _buildSurface({ level, x, z }: ChunkAddress): boolean {
        const { _grid: grid, _volume: volume, _mesh: mesh, _lattice: lattice } = this;
        const { resolution } = lattice;
        const spacing = lattice.spacing * 2 ** level;
        const quantum = quantumAt(this.recipe, level);
        const side = (resolution * spacing) / quantum;
        // One sample more all around, for slopes at the border.
        const firstX = x * resolution - 1;
        const firstZ = z * resolution - 1;
        this._heights.fillMacro(level, firstX, firstZ, resolution + 3, resolution + 3, grid);
        this._endStage("noise");
        this._heights.fillHeights(level, firstX, firstZ, grid);
        this._endStage("heightfield");

        let isFused = false;
        if (this._caves.hasCavesAt(level) && touchesCaveCountry(grid)) {
            const { maxDepth } = this.recipe.caves;
            // Level 0 stays true to the field, which players walk in.
            const isSealed = level > 0 && !this._caves.hasCavesAt(level + 1);
            fillCaveVolume(this._caves, level, firstX, firstZ, spacing, maxDepth, isSealed, grid, volume);
            isFused = needsFusion(grid, volume);
            this._endStage("sdf");
        }
        if (isFused) {
            meshVolume(grid, volume, quantum, mesh, this._fusion);
            const step = spacing / quantum;
            const baseRow = mesh.baseY / spacing - volume.firstRow;
            addSkirts(
                mesh,
                side,
                side * FUSED_SKIRT_SHARE,
                // The grid begins one sample before the chunk.
                (px, py, pz) => densityBetween(grid, volume, px / step + 1, py / step + baseRow, pz / step + 1) < 0,
            );
            mapCaveWalls(mesh, side);
        } else {
            meshHeightGrid(grid, resolution, spacing, quantum, side * quantum * SKIRT_SHARE, mesh);
        }
        this._endStage("fusion");
        return isFused;
    }

    private _serialize(address: ChunkAddress, isFused: boolean, given: ArrayBuffer): BakedChunk {
        const { _mesh: mesh } = this;
        const quantum = quantumAt(this.recipe, address.level);
        const side = (this.recipe.chunkSize * 2 ** address.level) / quantum;
        const is32Bits = isFused && mesh.vertexCount > LARGEST_INDEX16;
        const byteLength = chunkByteLength(mesh.vertexCount, mesh.indexCount, is32Bits);
        const fits = given.byteLength >= byteLength;
        const buffer = fits ? given : new ArrayBuffer(byteLength);
        const bytes = new Uint8Array(buffer, 0, byteLength);
        const vertexEnd = CHUNK_HEADER_BYTES + mesh.vertexCount * VertexLayout.stride;
        const vertices = bytes.subarray(CHUNK_HEADER_BYTES, vertexEnd);
        packVertices(mesh, side, vertices);
        if (isFused) {
            // Where a buffer is used again, the bytes that fill up the last four would be those of an earlier chunk.
            bytes.fill(0, byteLength - 4);
            const own = mesh.indices.subarray(0, mesh.indexCount);
            (is32Bits
                ? new Uint32Array(buffer, vertexEnd, own.length)
                : new Uint16Array(buffer, vertexEnd, own.length)
            ).set(own);
        }
        const { lowest, highest } = heightRange(mesh.position, mesh.vertexCount);
        writeChunkHeader(bytes, {
            address,
            generatorVersion: GENERATOR_VERSION,
            byteLength,
            flags: (isFused ? ChunkFlags.fused : 0) | (is32Bits ? ChunkFlags.index32 : 0),
            quantum,
            baseY: mesh.baseY,
            minY: mesh.baseY + lowest * quantum,
            maxY: mesh.baseY + highest * quantum,
            vertexCount: mesh.vertexCount,
            indexCount: isFused ? mesh.indexCount : heightGridIndexCount(this._lattice.resolution),
            surfaceTriangleCount: mesh.surfaceTriangleCount,
        });
        this._endStage("serialize");
        packTangents(mesh, vertices);
        this._endStage("tangents");
        writeChunkHash(bytes);
        this._endStage("hash");
        return { buffer, byteLength, stageMs: this._stageMs, unused: fits ? null : given };
    }

    private _endStage(stage: Stage): void {
        const now = performance.now();
        this._stageMs[STAGES.indexOf(stage)]! += now - this._stageStartMs;
        this._stageStartMs = now;
    }
}

function heightRange(position: Int32Array, vertexCount: number): { lowest: number; highest: number } {
    let lowest = Number.POSITIVE_INFINITY;
    let highest = Number.NEGATIVE_INFINITY;
    for (let vertex = 0, at = 1; vertex < vertexCount; vertex++, at += 3) {
        lowest = Math.min(lowest, position[at]!);
        highest = Math.max(highest, position[at]!);
    }
    return { lowest, highest };
}
