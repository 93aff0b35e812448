import {
    ChunkFlags,
    CHUNK_HEADER_BYTES,
    chunkByteLength,
    VertexLayout,
    writeChunkHash,
    writeChunkHeader,
    type ChunkHeader,
} from "../../src/format/chunkData.js";
import { GENERATOR_VERSION } from "../../src/bake/generatorVersion.js";
import { quantumAt, type Lattice } from "../../src/recipe/lattice.js";
import { heightGridIndexCount } from "../../src/meshing/heightGridIndices.js";
import type { Recipe } from "../../src/recipe/recipe.js";
import { assertAddress, type ChunkAddress } from "../../src/space/chunkAddress.js";
import { alignTangents } from "./alignTangents.js";
import { BorderCaves, type Border } from "./borderCaves.js";
import { mapCaveWalls } from "./boxMapping.js";
import { CaveField } from "./caveField.js";
import { createCaveVolume, fillCaveVolume, heightRange, touchesCaveCountry } from "./caveVolume.js";
import { needsFusion } from "./density.js";
import { createFusionScratch, meshVolume } from "./fusedMesh.js";
import { GroundCells } from "./groundCells.js";
import { createHeightGrid, GRID_MARGIN, gridCount, HeightField } from "./heightField.js";
import { levelGap } from "./levelGap.js";
import { meshHeightGrid, type Hanging } from "./heightGridMesh.js";
import { packTangents, packVertices } from "./packVertices.js";
import { addSkirts } from "./skirts.js";
import { createSurfaceMesh, type SurfaceMesh } from "./surfaceMesh.js";
import { CoarseCells } from "./coarseCells.js";

/** Skirts reach this share of a chunk's side below a height grid's border: four samples of a chunk of 64 cells. */
const SKIRT_SHARE = 1 / 16;

/** Metres between samples up to which they tell whether a chunk lies in cave country. */
const COUNTRY_SPACING = 256;

/** Index 65535 restarts the primitive in WebGL 2, so no vertex may have it. */
const LARGEST_INDEX16 = 65_535;

export interface OracleChunk {
    /** Holds the chunk data from byte 0: the buffer given, or a larger one where that was too small. */
    readonly buffer: ArrayBuffer;
    readonly byteLength: number;
}

/** A chunk's surface before packing. */
export interface OracleSurface {
    readonly isFused: boolean;
    /** Valid until the next call. */
    readonly mesh: SurfaceMesh;
}

/**
 * The whole bake of flat worlds in plain f64 JavaScript: what the kernels must compute, to a tolerance. Await
 * `initHashAsync` before the first bake.
 */
export class OracleBaker {
    private readonly _heights: HeightField;
    private readonly _caves: CaveField;
    private readonly _lattice: Lattice;
    private readonly _grid = createHeightGrid();
    private readonly _volume = createCaveVolume();
    private readonly _mesh = createSurfaceMesh();
    private readonly _fusion = createFusionScratch();

    public constructor(public readonly recipe: Recipe) {
        this._heights = new HeightField(recipe);
        this._caves = new CaveField(recipe);
        this._lattice = this._heights.lattice;
    }

    /** Bakes one chunk into `buffer` from byte 0. */
    public bake(address: ChunkAddress, buffer: ArrayBuffer = new ArrayBuffer(0)): OracleChunk {
        assertAddress(address);
        return this._serialize(address, this.meshChunk(address).isFused, buffer);
    }

    /** The first part of a bake: fields and mesh. */
    public meshChunk({ level, x, z }: ChunkAddress): OracleSurface {
        const { _grid: grid, _volume: volume, _mesh: mesh, _lattice: lattice } = this;
        const { resolution } = lattice;
        const spacing = lattice.spacing * 2 ** level;
        const quantum = quantumAt(this.recipe, level);
        const side = (resolution * spacing) / quantum;
        const firstX = x * resolution - GRID_MARGIN;
        const firstZ = z * resolution - GRID_MARGIN;
        this._heights.fillGrid(level, firstX, firstZ, gridCount(resolution), gridCount(resolution), grid);

        const hasCaves = this._caves.hasCavesAt(level) && touchesCaveCountry(grid);
        let cells: CoarseCells | undefined;
        let caves: BorderCaves | undefined;
        if (hasCaves) {
            fillCaveVolume(this._caves, level, firstX, firstZ, spacing, grid, volume);
            cells = new CoarseCells(grid, volume, new GroundCells(grid, volume));
            const [ownX, ownZ] = [x * resolution, z * resolution];
            caves = new BorderCaves(this.recipe, this._caves, level, ownX, ownZ, resolution, grid, volume);
        }
        let skirt = this._skirtAt(level, x, z);
        const isFused = cells !== undefined && needsFusion(grid, volume, cells);
        if (cells !== undefined && isFused) {
            meshVolume(grid, volume, quantum, skirt, mesh, this._fusion);
            const rimAt = (border: Border, i: number): number =>
                (caves!.lowestAir(border, i) - skirt - mesh.baseY) / quantum;
            addSkirts(mesh, side, { rimAt, resolution });
            mapCaveWalls(mesh, side);
            mesh.aligned.fill(0);
            mesh.isMirrored.fill(0);
            alignTangents(mesh, side);
        } else {
            skirt += Math.ceil((caves?.deepestAir() ?? 0) / quantum) * quantum;
            meshHeightGrid(grid, resolution, spacing, quantum, this._hangingAt(level, skirt), mesh);
            mesh.aligned.fill(0);
            mesh.isMirrored.fill(0);
        }
        return { isFused, mesh };
    }

    /** Walls hang where finer levels have caves, and this one none. */
    private _hangingAt(level: number, skirt: number): Hanging {
        const { chunkSize, caves } = this.recipe;
        const side = chunkSize * 2 ** level;
        if (!this._caves.hasCavesAt(0) || this._caves.hasCavesAt(level)) {
            return { skirt, wall: null };
        }
        const spacing = side / this._lattice.resolution;
        const isWalled = spacing > COUNTRY_SPACING || touchesCaveCountry(this._grid);
        const quantum = quantumAt(this.recipe, level);
        return { skirt, wall: isWalled ? Math.round(caves.maxDepth / quantum) * quantum + skirt : 0 };
    }

    /** Metres that skirts hang below the border of a chunk, as far as int16 has room. */
    private _skirtAt(level: number, x: number, z: number): number {
        const quantum = quantumAt(this.recipe, level);
        const side = this.recipe.chunkSize * 2 ** level;
        const { resolution } = this._lattice;
        const gap = levelGap(this.recipe, this._heights, level, x * resolution, z * resolution, this._grid);
        const { low, high } = heightRange(this._grid, GRID_MARGIN);
        const room = 65_534 * quantum - (high - low) - this._caves.depthAt(level);
        return Math.max(
            Math.ceil((side * SKIRT_SHARE) / quantum) * quantum,
            Math.min(Math.ceil(gap / quantum) * quantum, room),
        );
    }

    private _serialize(address: ChunkAddress, isFused: boolean, given: ArrayBuffer): OracleChunk {
        const { _mesh: mesh } = this;
        const quantum = quantumAt(this.recipe, address.level);
        const side = (this.recipe.chunkSize * 2 ** address.level) / quantum;
        const { resolution } = this._lattice;
        const hasWalls = !isFused && this._hangingAt(address.level, 0).wall !== null;
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
        writeChunkHeader(bytes, {
            address,
            generatorVersion: GENERATOR_VERSION,
            byteLength,
            flags:
                (isFused ? ChunkFlags.fused : 0) |
                (hasWalls ? ChunkFlags.walled : 0) |
                (is32Bits ? ChunkFlags.index32 : 0),
            quantum,
            origin: { x: address.x * side * quantum, y: mesh.baseY, z: address.z * side * quantum },
            ...boundsOf(vertices),
            vertexCount: mesh.vertexCount,
            indexCount: isFused ? mesh.indexCount : heightGridIndexCount({ resolution, hasWalls }),
            surfaceTriangleCount: mesh.surfaceTriangleCount,
        });
        packTangents(mesh, vertices);
        writeChunkHash(bytes);
        return { buffer, byteLength };
    }
}

/** The least and the greatest coordinates of packed vertices. */
function boundsOf(vertices: Uint8Array): Pick<ChunkHeader, "minimum" | "maximum"> {
    const view = new DataView(vertices.buffer, vertices.byteOffset, vertices.byteLength);
    const rangeOf = (axis: number): [number, number] => {
        let [low, high] = [Infinity, -Infinity];
        const first = VertexLayout.position + 2 * axis;
        for (let at = first; at < vertices.byteLength; at += VertexLayout.stride) {
            low = Math.min(low, view.getInt16(at, true));
            high = Math.max(high, view.getInt16(at, true));
        }
        return [low, high];
    };
    const [x, y, z] = [rangeOf(0), rangeOf(1), rangeOf(2)];
    return { minimum: { x: x[0], y: y[0], z: z[0] }, maximum: { x: x[1], y: y[1], z: z[1] } };
}
