import isosurface from "isosurface";

import type { Noise2D, Noise3D } from "./plainGradientNoise.js";

/** Metres: side of a chunk, and height of the box that is polygonised. */
const SIDE = 64;
/** Height cells along a side; the surface is polygonised on the same spacing. */
const CELLS = 128;
const NODES = CELLS + 1;
const SPACING = SIDE / CELLS;
/** Cave cells along each axis of the box. */
const CAVE_CELLS = 64;
const CAVE_NODES = CAVE_CELLS + 1;
const CAVE_STEP = SIDE / CAVE_CELLS;

const HEIGHT_OCTAVES = 8;
const CAVE_OCTAVES = 3;
const STRIDE = 24;

export interface SeedJobOptions {
    readonly makeNoise2D: (seed: number) => Noise2D;
    readonly makeNoise3D: (seed: number) => Noise3D;
    readonly hash: (bytes: Uint8Array) => bigint;
    /** Metres: amplitude of the first octave of height. */
    readonly amplitude: number;
    /** Metres: radius of tunnels. */
    readonly radius: number;
}

export interface SeedJobResult {
    readonly bytes: Uint8Array;
    readonly hash: bigint;
    readonly triangles: number;
    readonly vertices: number;
    readonly heightSamples: number;
    readonly caveSamples: number;
}

/**
 * The seed job as a JavaScript developer writes it who knows typed arrays and two packages: noise by the point, a volume
 * of density, a surface out of it, then normals, tangents, packed bytes and their hash. Arrays of fixed size are made
 * once; there is no other sharing of work, and no needless work either.
 */
export class NaiveSeedJob {
    private readonly _heightNoise: Noise2D[];
    private readonly _caveNoise: Noise3D[];
    private readonly _heights = new Float32Array(NODES * NODES);
    private readonly _caves = new Float32Array(CAVE_NODES * CAVE_NODES * CAVE_NODES);
    private readonly _density = new Float32Array(NODES * NODES * NODES);

    public constructor(private readonly _options: SeedJobOptions) {
        this._heightNoise = Array.from({ length: HEIGHT_OCTAVES }, (_, octave) => _options.makeNoise2D(octave + 1));
        this._caveNoise = Array.from({ length: CAVE_OCTAVES }, (_, octave) => _options.makeNoise3D(octave + 100));
    }

    public run(chunkX: number, chunkZ: number): SeedJobResult {
        const x0 = chunkX * SIDE;
        const z0 = chunkZ * SIDE;
        const highest = this._fillHeights(x0, z0);
        const y0 = Math.floor(highest) + 1 - SIDE;
        this._fillCaves(x0, y0, z0);
        this._fillDensity(y0);
        const density = this._density;
        // Of the package's three meshers this one is the fastest here, and the only one whose triangles share vertices.
        const { positions, cells } = isosurface.surfaceNets(
            [NODES, NODES, NODES],
            (x, y, z) => density[(z * NODES + y) * NODES + x]!,
        );
        const triangles = new Uint32Array(cells.length * 3);
        for (let i = 0; i < cells.length; i++) {
            triangles.set(cells[i]!, i * 3);
        }
        const normals = normalsOf(positions, triangles);
        const bytes = pack(positions, normals, triangles);
        return {
            bytes,
            hash: this._options.hash(bytes),
            triangles: triangles.length / 3,
            vertices: positions.length,
            heightSamples: this._heights.length * HEIGHT_OCTAVES,
            caveSamples: this._caves.length * CAVE_OCTAVES,
        };
    }

    private _fillHeights(x0: number, z0: number): number {
        const heights = this._heights;
        let highest = Number.NEGATIVE_INFINITY;
        for (let z = 0, at = 0; z < NODES; z++) {
            for (let x = 0; x < NODES; x++, at++) {
                let height = 0;
                let amplitude = this._options.amplitude;
                let frequency = 1 / 1024;
                for (const noise of this._heightNoise) {
                    height += amplitude * noise((x0 + x * SPACING) * frequency, (z0 + z * SPACING) * frequency);
                    amplitude *= 0.5;
                    frequency *= 2;
                }
                heights[at] = height;
                highest = Math.max(highest, height);
            }
        }
        return highest;
    }

    /** Cave distance, negative inside: two octaves lay tunnels where both vanish, one roughens their walls. */
    private _fillCaves(x0: number, y0: number, z0: number): void {
        const [first, second, third] = this._caveNoise as [Noise3D, Noise3D, Noise3D];
        const { radius } = this._options;
        for (let z = 0, at = 0; z < CAVE_NODES; z++) {
            for (let y = 0; y < CAVE_NODES; y++) {
                for (let x = 0; x < CAVE_NODES; x++, at++) {
                    const px = (x0 + x * CAVE_STEP) / 64;
                    const py = (y0 + y * CAVE_STEP) / 32;
                    const pz = (z0 + z * CAVE_STEP) / 64;
                    const a = first(px, py, pz);
                    const b = second(px + 0.375, py + 0.5, pz + 0.625);
                    const rough = third(px * 4, py * 2, pz * 4);
                    const closed = 2 - y * CAVE_STEP;
                    this._caves[at] = Math.max(Math.sqrt(a * a + b * b) * 17 + rough * 1.8 - radius, closed);
                }
            }
        }
    }

    /** Negative in rock. The cave counts below the surface alone, so that is where it is interpolated. */
    private _fillDensity(y0: number): void {
        const { _density: density, _heights: heights } = this;
        for (let z = 0, at = 0; z < NODES; z++) {
            for (let y = 0; y < NODES; y++) {
                for (let x = 0; x < NODES; x++, at++) {
                    const above = y0 + y * SPACING - heights[z * NODES + x]!;
                    density[at] = above >= 0 ? above : Math.max(above, -this._caveAt(x / 2, y / 2, z / 2));
                }
            }
        }
    }

    private _caveAt(x: number, y: number, z: number): number {
        const caves = this._caves;
        const ix = Math.min(Math.floor(x), CAVE_CELLS - 1);
        const iy = Math.min(Math.floor(y), CAVE_CELLS - 1);
        const iz = Math.min(Math.floor(z), CAVE_CELLS - 1);
        const tx = x - ix;
        const ty = y - iy;
        const tz = z - iz;
        const at = (iz * CAVE_NODES + iy) * CAVE_NODES + ix;
        const far = at + CAVE_NODES * CAVE_NODES;
        const a = caves[at]! + tx * (caves[at + 1]! - caves[at]!);
        const b = caves[at + CAVE_NODES]! + tx * (caves[at + CAVE_NODES + 1]! - caves[at + CAVE_NODES]!);
        const c = caves[far]! + tx * (caves[far + 1]! - caves[far]!);
        const d = caves[far + CAVE_NODES]! + tx * (caves[far + CAVE_NODES + 1]! - caves[far + CAVE_NODES]!);
        const near = a + ty * (b - a);
        return near + tz * (c + ty * (d - c) - near);
    }
}

/** Sum of the triangles' normals at each vertex, by area. */
function normalsOf(positions: readonly [number, number, number][], triangles: Uint32Array): Float32Array {
    const normals = new Float32Array(positions.length * 3);
    for (let i = 0; i < triangles.length; i += 3) {
        const a = positions[triangles[i]!]!;
        const b = positions[triangles[i + 1]!]!;
        const c = positions[triangles[i + 2]!]!;
        const ux = b[0] - a[0];
        const uy = b[1] - a[1];
        const uz = b[2] - a[2];
        const vx = c[0] - a[0];
        const vy = c[1] - a[1];
        const vz = c[2] - a[2];
        for (let corner = 0; corner < 3; corner++) {
            const at = triangles[i + corner]! * 3;
            normals[at]! += uy * vz - uz * vy;
            normals[at + 1]! += uz * vx - ux * vz;
            normals[at + 2]! += ux * vy - uy * vx;
        }
    }
    for (let i = 0; i < normals.length; i += 3) {
        const x = normals[i]!;
        const y = normals[i + 1]!;
        const z = normals[i + 2]!;
        const inverse = 1 / (Math.sqrt(x * x + y * y + z * z) || 1);
        normals[i] = x * inverse;
        normals[i + 1] = y * inverse;
        normals[i + 2] = z * inverse;
    }
    return normals;
}

/** Vertices of 24 bytes as Terrane's chunk data has them, then the indices. */
function pack(
    positions: readonly [number, number, number][],
    normals: Float32Array,
    triangles: Uint32Array,
): Uint8Array {
    const count = positions.length;
    const vertexBytes = count * STRIDE;
    const buffer = new ArrayBuffer(vertexBytes + triangles.length * 4);
    const shorts = new Int16Array(buffer);
    const ushorts = new Uint16Array(buffer);
    const chars = new Int8Array(buffer);
    const bytes = new Uint8Array(buffer);
    for (let vertex = 0; vertex < count; vertex++) {
        const [x, y, z] = positions[vertex]!;
        const at = vertex * STRIDE;
        shorts[at / 2] = Math.round(x * 64);
        shorts[at / 2 + 1] = Math.round(y * 64);
        shorts[at / 2 + 2] = Math.round(z * 64);
        const nx = normals[vertex * 3]!;
        const ny = normals[vertex * 3 + 1]!;
        const nz = normals[vertex * 3 + 2]!;
        chars[at + 8] = Math.round(nx * 127);
        chars[at + 9] = Math.round(ny * 127);
        chars[at + 10] = Math.round(nz * 127);
        // The direction of growing u = x on the surface.
        const along = Math.sqrt(1 - nx * nx) || 1;
        chars[at + 12] = Math.round(along * 127);
        chars[at + 13] = Math.round(((-nx * ny) / along) * 127);
        chars[at + 14] = Math.round(((-nx * nz) / along) * 127);
        chars[at + 15] = 127;
        ushorts[(at + 16) / 2] = Math.round((x / CELLS) * 65_535);
        ushorts[(at + 18) / 2] = Math.round((z / CELLS) * 65_535);
        bytes[at + 23] = 255;
    }
    new Uint32Array(buffer, vertexBytes).set(triangles);
    return bytes;
}
