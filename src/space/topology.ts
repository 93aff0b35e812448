import type { ChunkList } from "./chunkList.js";

/** A position or direction in world metres, to be read. */
export interface Place {
    readonly x: number;
    readonly y: number;
    readonly z: number;
}

/** What of a recipe says how its chunks lie in space. */
export interface TopologySettings {
    readonly topology: "flat" | "planet";
    /** Metres: side of a level-0 chunk; on planets a nominal one, which no chunk of the level exceeds at altitude 0. */
    readonly chunkSize: number;
    /** Metres from a planet's middle to altitude 0: from two sides of a chunk to some 5,146,000 of them. */
    readonly radius?: number;
    /** Metres: no ground of a planet, or sea over it, is lower than this altitude. Over `-radius`, at most 0. Default 0. */
    readonly lowestGround?: number;
}

/**
 * How chunk addresses map to space. Chunks are four to a parent everywhere (`chunkTree.ts`); all else about them is asked
 * here: nobody else multiplies a chunk's side by a power of two, or looks at what a face is.
 *
 * Faces, levels and coordinates go into a call one by one, since whole numbers make no garbage. Other numbers come and go in
 * arrays, since one that a call takes or returns may be an object each time. `span` holds the least and the greatest
 * altitude of a chunk, metres.
 */
export interface Topology {
    /** Metres by level: side of a chunk, where they differ the longest. Each is twice the finer level's. */
    readonly sides: Float64Array;
    /** Metres by level: the farthest that a viewer may see for whom `rootLevelFor` returns the level or a finer one. */
    readonly rootRadii: Float64Array;
    /** Metres from 0, along each axis, beyond which there is no ground to ask about. Finite. */
    readonly extent: number;
    /** Metres from 0, along each axis, within which a viewer finds ground of all levels as far as it may see. Finite. */
    readonly viewerExtent: number;

    /** Returns the level of the roots for viewers that see `radius` metres: few roots, not far larger than what is seen. */
    rootLevelFor(radius: number): number;

    /**
     * Lists the roots that a viewer needs which sees `radius` metres, with their distances. Of a planet that is all of them,
     * at distance 0 wherever they are.
     *
     * @param level what `rootLevelFor` returned, or a coarser one
     */
    rootsInReachToRef(level: number, position: Place, radius: number, ref: ChunkList): void;

    /** Lists the chunks of a level that come within `radius` metres over the ground, with their distances. */
    chunksInReachToRef(level: number, position: Place, radius: number, ref: ChunkList): void;

    /** Lists the chunks of the level that touch a chunk, be it at a corner. */
    neighboursToRef(face: number, level: number, x: number, z: number, ref: ChunkList): void;

    /** Lists the one chunk of a level in or above or below which a position lies; none where there is no ground. */
    chunkAtToRef(level: number, position: Place, ref: ChunkList): void;

    /** Writes into `ref[at]` the metres over the ground from a position to a chunk: 0 above, in and below it. */
    groundDistanceToRef(
        face: number,
        level: number,
        x: number,
        z: number,
        position: Place,
        ref: Float64Array,
        at: number,
    ): void;

    /**
     * Writes into `ref[0]` the metres from a position to the nearest place of a chunk that reaches over `span`. On planets
     * they are those to a sphere around the chunk, never too many.
     */
    distanceToRef(
        face: number,
        level: number,
        x: number,
        z: number,
        position: Place,
        span: Float64Array,
        ref: Float64Array,
    ): void;

    /** Tells whether the horizon hides a chunk that reaches over `span`, so that nothing finer of it is to be seen. */
    isBeyondHorizon(face: number, level: number, x: number, z: number, position: Place, span: Float64Array): boolean;

    /** Writes the middle of a chunk at altitude 0 into `ref`: x, y, z in metres. */
    centerToRef(face: number, level: number, x: number, z: number, ref: Float64Array): void;

    /** Writes the origin of a chunk's frame into `ref`: x, y, z in metres. Its vertices are counted from there, and from a height. */
    originToRef(face: number, level: number, x: number, z: number, ref: Float64Array): void;

    /**
     * Writes the box along the world's axes that holds a chunk which reaches over `span` into `ref`: least x, y, z and
     * greatest x, y, z in metres.
     *
     * @param margin sides of the chunk by which it is wider over the ground
     */
    boxToRef(
        face: number,
        level: number,
        x: number,
        z: number,
        span: Float64Array,
        margin: number,
        ref: Float64Array,
    ): void;

    /** Tells whether a chunk, from its deepest cave to the sky, comes into a box along the world's axes, be it at its border. */
    isInBox(face: number, level: number, x: number, z: number, minimum: Place, maximum: Place): boolean;

    /** Writes the direction away from the ground at a position into `ref`: x, y, z of a unit vector. */
    upToRef(position: Place, ref: Float64Array): void;

    /** Returns the metres from altitude 0 up to a position. */
    altitudeAt(position: Place): number;
}

/** Returns the metres of a chunk's side at a level: nominal ones, where a level's chunks differ. */
export function sideAt(chunkSize: number, level: number): number {
    return chunkSize * 2 ** level;
}
