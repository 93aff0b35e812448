import { messageOf } from "../base/errors.js";
import { KernelError } from "./kernelError.js";

/**
 * What `terrane.wasm` exports; `assembly/` holds the other side and says what each does. Addresses and lengths are bytes,
 * flags are 0 or 1. All but `hash64` work in an arena that is laid out anew for each job. Any call may grow the memory, so
 * views are taken anew after each.
 */
export interface KernelExports {
    readonly memory: WebAssembly.Memory;
    resetArena(): void;
    reserve(bytes: number): number;
    arenaTop(): number;
    /** After a call that trapped, once: 1 where memory, 2 where vertices, 3 where crossed edges were too many; else 0. */
    takeFailure(): number;
    /** xxHash64 with seed 0. Signed, as wasm has no unsigned integers. */
    hash64(at: number, length: number): bigint;

    // The world.
    setTerrain(octaves: number, damping: number): void;
    setOctave(
        i: number,
        seed: number,
        period: number,
        offsetX: number,
        offsetZ: number,
        amplitude: number,
        slopeScale: number,
        isRidged: number,
    ): void;
    setCaveOctave(i: number, seed: number): void;
    /** All but the first in samples of the level. */
    setCaves(
        quantaPerSample: number,
        radius: number,
        maxDepth: number,
        aboveSea: number,
        mouthScale: number,
        distanceScale: number,
        roughness: number,
    ): void;

    // A grid of samples. `layoutGrid` begins a job.
    layoutGrid(countX: number, countZ: number): void;
    macroPlanesStart(): number;
    planeSize(): number;
    planeRowBytes(): number;
    smoothPlane(): number;
    quantaPlane(): number;
    fillMacro(nodes: number, nodeStride: number, x: number, z: number, step: number): void;
    fillHeights(x: number, z: number, step: number, metersToQuanta: number): void;
    measureHeights(margin: number): void;
    lowestQuantum(): number;
    highestQuantum(): number;

    // Caves below it.
    touchesCaveCountry(): number;
    fillColumns(firstRow: number): void;
    fillCaveLattice(
        x: number,
        y: number,
        z: number,
        countX: number,
        countY: number,
        countZ: number,
        period: number,
    ): void;
    layoutSlices(
        x: number,
        firstRow: number,
        z: number,
        rows: number,
        samplesPerNode: number,
        kept: number,
        margin: number,
    ): void;
    layoutBlend(): void;
    fillSlices(): void;
    /** After `fillSlices`: finds which cells are wide, and closes mouths that lie on the rim of narrow ones. */
    widenSlices(): void;
    /** The row from which on cells have one sample a side, in the cell of two samples that holds the one at x, z; below they have two. */
    lowOfCell(x: number, z: number): number;
    distancesStart(): number;

    // A chunk's surface, and its bytes.
    meshHeightGrid(margin: number, step: number, base: number, drop: number, slopeScale: number, wall: number): void;
    meshVolume(
        margin: number,
        originY: number,
        daylight: number,
        lip: number,
        slopeScale: number,
        isGiven: number,
    ): number;
    addSkirts(depth: number, margin: number, originY: number): void;
    splitVertices(): void;
    alignTangents(): void;
    finishChunk(): number;
    chunkStart(): number;
    verticesMade(): number;
    indicesMade(): number;
    isIndex32(): number;
    lowestVertex(): number;
    highestVertex(): number;
}

/** One instance of the kernels: a memory and the calls over it. Each thread has its own. */
export interface Kernels {
    readonly exports: KernelExports;
    /** Whose constants the kernels hold: several worlds may share them, one job at a time. */
    world: object | null;
}

/**
 * Instantiates the kernels for this thread. Pages must wait: browsers forbid their thread to instantiate a large module
 * at once.
 *
 * @throws KernelError where the module is not this version's, or memory has run out
 */
export async function createKernelsAsync(module: WebAssembly.Module): Promise<Kernels> {
    try {
        return kernelsOf(await WebAssembly.instantiate(module));
    } catch (error) {
        throw instantiateError(error);
    }
}

/** `createKernelsAsync` without the wait: for workers and Node. */
export function createKernels(module: WebAssembly.Module): Kernels {
    try {
        return kernelsOf(new WebAssembly.Instance(module));
    } catch (error) {
        throw instantiateError(error);
    }
}

function kernelsOf({ exports }: WebAssembly.Instance): Kernels {
    return { exports: exports as unknown as KernelExports, world: null };
}

/** What went wrong where code that has been compiled cannot run. */
function instantiateError(cause: unknown): KernelError {
    return new KernelError(
        "TERRANE_NO_KERNELS",
        `Terrane's kernels do not start (${messageOf(cause)}). ` +
            "Use the terrane.wasm of this very version, and look whether memory has run out.",
        cause,
    );
}
