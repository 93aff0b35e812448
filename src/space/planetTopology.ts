import { MAX_FACE_LEVEL } from "./chunkAddress.js";
import { CONE_LENGTH, coneAngleToRef, coneBoxToRef, coneSphereToRef, coneToRef, isConeInBox } from "./chunkCone.js";
import type { ChunkList } from "./chunkList.js";
import { childX, childZ } from "./chunkTree.js";
import {
    boxFromFaceToRef,
    boxToFaceToRef,
    cellAtToRef,
    directionToRef,
    FACE_COUNT,
    foldCellToRef,
    placeToRef,
    toFaceToRef,
} from "./cubeSphere.js";
import { sideAt, type Place, type Topology } from "./topology.js";

/**
 * Radii that a face's edge would measure, were all chunks along it as long as the longest. Those are not in the face's
 * middle (1.5) but on its axes, 0.66 of the way to an edge.
 */
export const LONGEST_FACE = 1.63;

/**
 * Metres from the middle, a tenth of a light year, where a double counts in quarters of a metre. A sphere has no end, but a
 * viewer beyond this is a mistake, as is one at infinity.
 */
const FARTHEST = 2 ** 50;

/** Radii by which distances of a chunk and of its parent may differ in rounding. */
const ROUNDING = 1e-9;

/** Scratch: a direction along the planet's axes and along a face's, a position along both, a cell, and what follows from them. */
const direction = new Float64Array(3);
const turned = new Float64Array(3);
const offset = new Float64Array(3);
const cell = new Int32Array(3);
const cone = new Float64Array(CONE_LENGTH);
const radii = new Float64Array(2);
const sphere = new Float64Array(4);
const box = new Float64Array(6);
const faceBox = new Float64Array(6);
const distance = new Float64Array(1);
const reach = new Float64Array(1);

/**
 * A planet: six faces of a cube that bulge to a sphere, each a quadtree below one root. Positions are metres from the
 * planet's middle, altitude is metres above `radius`. The middle itself counts as straight below the +Y face.
 *
 * Along a face's edge there are a power of two of chunks, the least for which no chunk of a level is longer than the level's
 * nominal side at altitude 0.
 */
export class PlanetTopology implements Topology {
    /** Metres by level: no chunk's side is longer at altitude 0, and none is shorter than 0.32 of it. */
    public readonly sides: Float64Array;
    /** Infinity from the roots' level on, 0 below: whoever sees a planet needs all of it. */
    public readonly rootRadii: Float64Array;
    public readonly extent = FARTHEST;
    public readonly viewerExtent = FARTHEST;
    /** The level of the six roots. */
    public readonly rootLevel: number;
    /** Chunks along a face's edge by level; coarser levels than the roots' have none. */
    private readonly _counts: Int32Array;

    /**
     * @param chunkSize metres: nominal side of a level-0 chunk
     * @param radius metres from the middle to altitude 0
     * @param lowestGround metres: no ground, or sea over it, is lower than this altitude. At most 0
     */
    public constructor(
        chunkSize: number,
        public readonly radius: number,
        public readonly lowestGround = 0,
    ) {
        this.rootLevel = rootLevelOf(chunkSize, radius);
        this.sides = Float64Array.from({ length: MAX_FACE_LEVEL + 1 }, (_, level) => sideAt(chunkSize, level));
        this.rootRadii = this.sides.map((_, level) => (level < this.rootLevel ? 0 : Infinity));
        this._counts = Int32Array.from(this.sides, (_, level) => Math.floor(2 ** (this.rootLevel - level)));
    }

    /** Returns how many chunks of a level lie along a face's edge: a power of two, 1 for the roots. */
    public chunksAlong(level: number): number {
        return this._counts[level]!;
    }

    public rootLevelFor(): number {
        return this.rootLevel;
    }

    /** Lists all six at distance 0, since all are needed: from afar a planet is small, and no part of it is left out. */
    public rootsInReachToRef(level: number, position: Place, radius: number, ref: ChunkList): void {
        if (level < this.rootLevel) {
            this.chunksInReachToRef(level, position, radius, ref);
            return;
        }
        ref.clear();
        for (let face = 0; face < FACE_COUNT; face++) {
            ref.add(face, 0, 0);
            ref.distances[face] = 0;
        }
    }

    public chunksInReachToRef(level: number, position: Place, radius: number, ref: ChunkList): void {
        ref.clear();
        reach[0] = radius;
        directionToRef(position, direction);
        for (let face = 0; face < FACE_COUNT; face++) {
            this._addInReach(face, this.rootLevel, 0, 0, level, ref);
        }
    }

    /** Seven for a chunk at a corner of the cube, where three faces meet; four for a root. */
    public neighboursToRef(face: number, level: number, x: number, z: number, ref: ChunkList): void {
        const count = this._counts[level]!;
        ref.clear();
        for (let nextZ = z - 1; nextZ <= z + 1; nextZ++) {
            for (let nextX = x - 1; nextX <= x + 1; nextX++) {
                const isOther = nextX !== x || nextZ !== z;
                if (isOther && foldCellToRef(face, nextX, nextZ, count, cell)) {
                    ref.add(cell[0]!, cell[1]!, cell[2]!);
                }
            }
        }
    }

    public chunkAtToRef(level: number, position: Place, ref: ChunkList): void {
        ref.clear();
        if (level <= this.rootLevel) {
            directionToRef(position, direction);
            cellAtToRef(direction, this._counts[level]!, cell);
            ref.add(cell[0]!, cell[1]!, cell[2]!);
        }
    }

    /** Along the arc at altitude 0, whatever the altitude of the position; too short by at most a part in 5,000. */
    public groundDistanceToRef(
        face: number,
        level: number,
        x: number,
        z: number,
        position: Place,
        ref: Float64Array,
        at: number,
    ): void {
        directionToRef(position, direction);
        this._arcToRef(face, level, x, z, ref, at);
    }

    /** To a sphere that holds the chunk, so that it may be too short, but never too long; 0 in the sphere. */
    public distanceToRef(
        face: number,
        level: number,
        x: number,
        z: number,
        position: Place,
        span: Float64Array,
        ref: Float64Array,
    ): void {
        this._toRadii(span);
        coneToRef(x, z, this._counts[level]!, cone);
        coneSphereToRef(cone, radii, sphere);
        offset[0] = position.x;
        offset[1] = position.y;
        offset[2] = position.z;
        toFaceToRef(face, offset, turned);
        const right = turned[0]! - sphere[0]!;
        const forward = turned[1]! - sphere[1]!;
        const up = turned[2]! - sphere[2]!;
        ref[0] = Math.max(0, Math.sqrt(right * right + forward * forward + up * up) - sphere[3]!);
    }

    /**
     * By the sphere below which there is ground everywhere: at `lowestGround`, or lower where the chunk is. From its inside
     * one sees as far as from its surface.
     */
    public isBeyondHorizon(
        face: number,
        level: number,
        x: number,
        z: number,
        position: Place,
        span: Float64Array,
    ): boolean {
        const lowest = Math.min(this.lowestGround, span[0]!);
        const base = Math.max(0, this.radius + lowest);
        const length = Math.sqrt(position.x * position.x + position.y * position.y + position.z * position.z);
        const above = Math.max(0, length - base);
        const highest = Math.max(0, span[1]! - lowest);
        this.distanceToRef(face, level, x, z, position, span, distance);
        const sight = Math.sqrt(above * (2 * base + above)) + Math.sqrt(highest * (2 * base + highest));
        return distance[0]! > sight;
    }

    public centerToRef(face: number, level: number, x: number, z: number, ref: Float64Array): void {
        placeToRef(face, 2 * x + 1, 2 * z + 1, 2 * this._counts[level]!, ref);
        ref[0]! *= this.radius;
        ref[1]! *= this.radius;
        ref[2]! *= this.radius;
    }

    /** The middle of the chunk at altitude 0. */
    public originToRef(face: number, level: number, x: number, z: number, ref: Float64Array): void {
        this.centerToRef(face, level, x, z, ref);
    }

    public boxToRef(
        face: number,
        level: number,
        x: number,
        z: number,
        span: Float64Array,
        margin: number,
        ref: Float64Array,
    ): void {
        this._toRadii(span);
        coneToRef(x, z, this._counts[level]!, cone);
        coneBoxToRef(cone, radii, faceBox);
        boxFromFaceToRef(face, faceBox, ref);
        const wider = margin * this.sides[level]! * Math.max(1, radii[1]! / this.radius);
        for (let axis = 0; axis < 3; axis++) {
            ref[axis]! -= wider;
            ref[axis + 3]! += wider;
        }
    }

    /** The deepest cave is taken to be at the planet's middle, and the sky to have no end. */
    public isInBox(face: number, level: number, x: number, z: number, minimum: Place, maximum: Place): boolean {
        box[0] = minimum.x;
        box[1] = minimum.y;
        box[2] = minimum.z;
        box[3] = maximum.x;
        box[4] = maximum.y;
        box[5] = maximum.z;
        boxToFaceToRef(face, box, faceBox);
        coneToRef(x, z, this._counts[level]!, cone);
        return isConeInBox(cone, faceBox);
    }

    public upToRef(position: Place, ref: Float64Array): void {
        directionToRef(position, ref);
    }

    public altitudeAt({ x, y, z }: Place): number {
        return Math.sqrt(x * x + y * y + z * z) - this.radius;
    }

    /** Adds the chunks of a level in and below a chunk that come within `reach` of `direction`. */
    private _addInReach(face: number, level: number, x: number, z: number, wanted: number, ref: ChunkList): void {
        this._arcToRef(face, level, x, z, distance, 0);
        if (level > wanted) {
            if (distance[0]! <= reach[0]! + ROUNDING * this.radius) {
                for (let child = 0; child < 4; child++) {
                    this._addInReach(face, level - 1, childX(x, child), childZ(z, child), wanted, ref);
                }
            }
        } else if (level === wanted && distance[0]! <= reach[0]!) {
            ref.add(face, x, z);
            ref.distances[ref.count - 1] = distance[0]!;
        }
    }

    /** Writes the metres over the ground from `direction` to a chunk into `ref[at]`. */
    private _arcToRef(face: number, level: number, x: number, z: number, ref: Float64Array, at: number): void {
        toFaceToRef(face, direction, turned);
        coneToRef(x, z, this._counts[level]!, cone);
        coneAngleToRef(cone, turned, ref, at);
        ref[at]! *= this.radius;
    }

    /** Notes how far from the planet's middle a span begins and ends. */
    private _toRadii(span: Float64Array): void {
        radii[0] = Math.max(0, this.radius + span[0]!);
        radii[1] = Math.max(0, this.radius + span[1]!);
    }
}

/** Returns the level of the roots. */
function rootLevelOf(chunkSize: number, radius: number): number {
    let level = 0;
    while (level < MAX_FACE_LEVEL && sideAt(chunkSize, level) < LONGEST_FACE * radius) {
        level++;
    }
    return level;
}
