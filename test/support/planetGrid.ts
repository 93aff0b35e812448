import { GRID_MARGIN } from "../../src/generators/chunkFields.js";
import type { Kernels } from "../../src/kernels/kernels.js";
import { placeToRef } from "../../src/space/cubeSphere.js";
import { PlanetTopology } from "../../src/space/planetTopology.js";
import type { ChunkAddress } from "../../src/space/chunkAddress.js";

/** Macro fields that a test makes up, by direction from the planet's middle. */
export interface MadeUpMacro {
    base(x: number, y: number, z: number): number;
    amplitude(x: number, y: number, z: number): number;
    ridge(x: number, y: number, z: number): number;
}

export interface PlanetGridSettings {
    /** Metres: of the planet, a chunk's nominal side, and a quantum of level 0. */
    readonly radius: number;
    readonly chunkSize: number;
    readonly quantum: number;
    readonly resolution: number;
    readonly macro: MadeUpMacro;
}

/** A height grid that is bent onto a planet. */
export interface PlanetGrid {
    /** Quanta along the planet's axes: three a vertex of the surface, then of the skirts. */
    readonly quanta: Float64Array;
    /** -127 to 127: three a vertex. */
    readonly normals: Int8Array;
    readonly tangents: Int8Array;
    /** Metres above the radius, line by line, with `GRID_MARGIN` samples around. */
    readonly smooth: Float32Array;
    /** Floats from a line to the next. */
    readonly stride: number;
    /** Metres. */
    readonly quantum: number;
    readonly spacing: number;
    /** Samples along a face's edge at the chunk's level. */
    readonly count: number;
    readonly fits: boolean;
}

const place = new Float64Array(3);

/** Makes the height grid of a planet's chunk with the kernels, which have been turned to a world whose octaves count. */
export function bakePlanetGrid(kernels: Kernels, address: ChunkAddress, settings: PlanetGridSettings): PlanetGrid {
    const { exports } = kernels;
    const { radius, chunkSize, resolution, macro } = settings;
    const { face, level } = address;
    const { rootLevel } = new PlanetTopology(chunkSize, radius);
    const count = resolution * 2 ** (rootLevel - level);
    const side = resolution + 1 + 2 * GRID_MARGIN;
    const x = address.x * resolution - GRID_MARGIN;
    const z = address.z * resolution - GRID_MARGIN;
    const spacing = (chunkSize / resolution) * 2 ** level;
    const quantum = settings.quantum * 2 ** level;
    exports.layoutGrid(side, side);
    fillMacro(kernels, face, x, z, count, side, macro);
    exports.fillPlaces(face, x, z, count);
    const step = 2 ** level;
    exports.fillPlacedHeights(radius / (spacing / step), step, spacing, 1 / quantum, GRID_MARGIN);
    exports.measureHeights(GRID_MARGIN);
    const stride = exports.planeLineBytes() / 4;
    const smooth = new Float32Array(exports.memory.buffer, exports.smoothPlane(), stride * side).slice();
    const base = Math.round((exports.lowestQuantum() + exports.highestQuantum()) / 2);
    const slopeScale = 1 / (2 * spacing);
    const skirt = Math.ceil((spacing * 4) / quantum);
    exports.meshHeightGrid(GRID_MARGIN, spacing / quantum, base, skirt, slopeScale, -1);
    placeToRef(face, 2 * address.x + 1, 2 * address.z + 1, 2 * 2 ** (rootLevel - level), place);
    const anchor = Array.from(place, (part) => Math.round((part * (radius + base * quantum)) / quantum));
    const fits = exports.bendSurface(
        ...([GRID_MARGIN, radius, quantum, spacing / quantum, base] as const),
        ...([anchor[0]!, anchor[1]!, anchor[2]!, slopeScale] as const),
    );
    exports.finishChunk();
    const vertices = exports.verticesMade();
    const view = new DataView(exports.memory.buffer, exports.chunkStart() + 128, vertices * 24);
    const quanta = new Float64Array(3 * vertices);
    const normals = new Int8Array(3 * vertices);
    const tangents = new Int8Array(3 * vertices);
    for (let vertex = 0; vertex < vertices; vertex++) {
        for (let axis = 0; axis < 3; axis++) {
            const to = 3 * vertex + axis;
            quanta[to] = view.getInt16(vertex * 24 + 2 * axis, true) + anchor[axis]!;
            normals[to] = view.getInt8(vertex * 24 + 8 + axis);
            tangents[to] = view.getInt8(vertex * 24 + 12 + axis);
        }
    }
    return { quanta, normals, tangents, smooth, stride, quantum, spacing, count, fits: fits !== 0 };
}

function fillMacro(
    { exports }: Kernels,
    face: number,
    x: number,
    z: number,
    count: number,
    side: number,
    macro: MadeUpMacro,
): void {
    const stride = exports.planeLineBytes() / 4;
    const plane = (channel: number) =>
        new Float32Array(
            exports.memory.buffer,
            exports.macroPlanesStart() + channel * exports.planeSize(),
            stride * side,
        );
    const channels = Array.from({ length: 7 }, (_, channel) => plane(channel).fill(0));
    for (let line = 0; line < side; line++) {
        for (let column = 0; column < side; column++) {
            placeToRef(face, x + column, z + line, count, place);
            const [px, py, pz] = place as unknown as [number, number, number];
            const at = line * stride + column;
            channels[0]![at] = macro.base(px, py, pz);
            channels[1]![at] = macro.amplitude(px, py, pz);
            channels[2]![at] = macro.ridge(px, py, pz);
        }
    }
}
