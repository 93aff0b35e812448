// Where the triangles of a fused chunk begin, layer by layer: those in cells below the ground, those in other cells that are
// cut, and the ground that is not.

import { reserve } from "../base/arena";
import { indexCount } from "./surface";

const RUNS_PER_LAYER: usize = 3;
/** Bytes from a layer's first run to the next layer's. */
export const LAYER_BYTES: usize = RUNS_PER_LAYER << 2;

/** u32: the first index of each run, then the end. */
let runs: usize = 0;
let runsEnd: usize = 0;

/** Forgets all runs, and makes room for those of so many layers. */
export function layoutRuns(layers: i32): void {
    runs = reserve(<usize>layers * LAYER_BYTES + 4);
    runsEnd = runs;
}

/** Begins a run of triangles, which ends where the next begins. */
export function beginRun(): void {
    store<u32>(runsEnd, indexCount);
    runsEnd += 4;
}

/** Returns the address of the first layer's runs. */
@inline
export function firstLayer(): usize {
    return runs;
}

/** Returns the address behind the last layer's runs. */
@inline
export function layersEnd(): usize {
    return runsEnd - 4;
}

/** Returns how many indices all runs have together. */
@inline
export function indicesInRuns(): u32 {
    return load<u32>(layersEnd());
}

/** Returns the number of the first index of a layer's cells that are cut where the ground is. */
@inline
export function mouthStart(layer: usize): u32 {
    return load<u32>(layer, 4);
}

/** Returns the number of the first index of a layer's ground that is not cut. */
@inline
export function groundStart(layer: usize): u32 {
    return load<u32>(layer, 8);
}

/** Returns the number behind a layer's last index. */
@inline
export function groundEnd(layer: usize): u32 {
    return load<u32>(layer, 12);
}
