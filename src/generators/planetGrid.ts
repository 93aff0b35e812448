import { foldSampleToRef } from "../space/cubeSphere.js";
import { MACRO_CHANNELS } from "./macroShape.js";

/** A block of samples in a face's chart, and of the nodes that they lie between. */
export interface GridBlock {
    readonly face: number;
    /** The first sample, and how many there are. */
    readonly x: number;
    readonly z: number;
    readonly countX: number;
    readonly countZ: number;
    /** The first node, and how many there are: from one before the first sample's to two behind the last sample's. */
    readonly nodeX: number;
    readonly nodeZ: number;
    readonly nodesX: number;
    readonly nodesZ: number;
}

/** The samples of a grid beyond one border, as the neighbour's chart has them. */
export interface GridStrip {
    readonly block: GridBlock;
    /** Floats in the grid from its first sample to that of the block. */
    readonly to: number;
    /** Floats in the grid from a sample of the block to the next one. */
    readonly strideX: number;
    readonly strideZ: number;
}

/** Scratch: samples of the neighbour, as `foldSampleToRef` writes them. */
const first = new Int32Array(4);
const last = new Int32Array(4);

/** @param step nodes from sample to sample, at most 1 */
export function blockOf(face: number, x: number, z: number, countX: number, countZ: number, step: number): GridBlock {
    const nodeX = Math.floor(x * step) - 1;
    const nodeZ = Math.floor(z * step) - 1;
    const nodesX = Math.floor((x + countX - 1) * step) + 3 - nodeX;
    const nodesZ = Math.floor((z + countZ - 1) * step) + 3 - nodeZ;
    return { face, x, z, countX, countZ, nodeX, nodeZ, nodesX, nodesZ };
}

/** Returns the floats from one channel's line of a block's nodes to the next: whole vectors. */
export function strideOf({ nodesX }: GridBlock): number {
    return Math.ceil(nodesX / 4) * 4;
}

/**
 * Returns the strips of a grid beyond the borders of its face: none, one, or two where it reaches beyond a corner, which they
 * leave out. Four at most, of a grid that is larger than the face.
 *
 * @param count samples from one edge of the face to the other
 * @param step nodes from sample to sample
 * @param line floats from one line of the grid to the next
 */
export function stripsOf(grid: GridBlock, count: number, step: number, line: number): GridStrip[] {
    const [endX, endZ] = [grid.x + grid.countX - 1, grid.z + grid.countZ - 1];
    const [left, right] = [Math.max(0, grid.x), Math.min(count, endX)];
    const [near, far] = [Math.max(0, grid.z), Math.min(count, endZ)];
    const strips: GridStrip[] = [];
    const add = (fromX: number, toX: number, fromZ: number, toZ: number) => {
        if (fromX <= toX && fromZ <= toZ) {
            strips.push(stripOf(grid, fromX, toX, fromZ, toZ, count, step, line));
        }
    };
    add(grid.x, Math.min(-1, endX), near, far);
    add(Math.max(count + 1, grid.x), endX, near, far);
    add(left, right, grid.z, Math.min(-1, endZ));
    add(left, right, Math.max(count + 1, grid.z), endZ);
    return strips;
}

/** Returns the strip of the samples from (fromX, fromZ) to (toX, toZ), all beyond one border. */
function stripOf(
    grid: GridBlock,
    fromX: number,
    toX: number,
    fromZ: number,
    toZ: number,
    count: number,
    step: number,
    line: number,
): GridStrip {
    foldSampleToRef(grid.face, fromX, fromZ, count, first);
    foldSampleToRef(grid.face, toX, toZ, count, last);
    const isTurned = first[3] === 1;
    const isBackX = last[1]! < first[1]!;
    const isBackZ = last[2]! < first[2]!;
    const block = blockOf(
        first[0]!,
        Math.min(first[1]!, last[1]!),
        Math.min(first[2]!, last[2]!),
        Math.abs(last[1]! - first[1]!) + 1,
        Math.abs(last[2]! - first[2]!) + 1,
        step,
    );
    const strideX = (isTurned ? line : 1) * (isBackX ? -1 : 1);
    const strideZ = (isTurned ? 1 : line) * (isBackZ ? -1 : 1);
    const to =
        (fromZ - grid.z) * line +
        (fromX - grid.x) -
        Math.min(0, (block.countX - 1) * strideX) -
        Math.min(0, (block.countZ - 1) * strideZ);
    return { block, to, strideX, strideZ };
}

/**
 * Copies into samples of a grid beyond a corner of its face what the edge between the two neighbours has, as far along as the
 * larger overshoot.
 *
 * @param planes macro fields, the first sample at 0
 * @param line floats from one line to the next
 * @param plane floats from one channel to the next
 * @param count samples from one edge of the face to the other
 */
export function copyCorners(planes: Float32Array, line: number, plane: number, grid: GridBlock, count: number): void {
    for (let row = 0; row < grid.countZ; row++) {
        const z = grid.z + row;
        const ahead = Math.max(-z, z - count);
        for (let column = 0; ahead > 0 && column < grid.countX; column++) {
            const x = grid.x + column;
            const beside = Math.max(-x, x - count);
            if (beside <= 0) {
                continue;
            }
            const fromX = beside >= ahead ? x : Math.max(0, Math.min(count, x));
            const fromZ = beside >= ahead ? Math.max(0, Math.min(count, z)) : z;
            const from = (fromZ - grid.z) * line + fromX - grid.x;
            for (let channel = 0; channel < MACRO_CHANNELS; channel++) {
                planes[row * line + column + channel * plane] = planes[from + channel * plane]!;
            }
        }
    }
}

/** Repeats the last sample of each line in what pads the line. */
export function padLines(planes: Float32Array, line: number, plane: number, countX: number, countZ: number): void {
    for (let channel = 0; channel < MACRO_CHANNELS; channel++) {
        for (let row = 0; row < countZ; row++) {
            const at = channel * plane + row * line;
            planes.fill(planes[at + countX - 1]!, at + countX, at + line);
        }
    }
}
