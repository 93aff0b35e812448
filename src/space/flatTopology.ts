import { MAX_CHUNK_COORDINATE, MAX_LEVEL, NO_FACE } from "./chunkAddress.js";
import type { ChunkList } from "./chunkList.js";
import { sideAt, type Place, type Topology } from "./topology.js";

/** Roots along the diameter of what is shown: few, so that coarse ground comes quickly, and not far larger than it. */
const ROOTS_PER_RADIUS = 2;

/** An endless plane: chunks are squares along x and z, altitude is y. */
export class FlatTopology implements Topology {
    public readonly sides: Float64Array;
    public readonly rootRadii: Float64Array;
    public readonly extent: number;
    public readonly viewerExtent: number;

    /** @param chunkSize metres: side of a level-0 chunk */
    public constructor(chunkSize: number) {
        this.sides = Float64Array.from({ length: MAX_LEVEL + 1 }, (_, level) => sideAt(chunkSize, level));
        this.rootRadii = this.sides.map((side, level) => (level < MAX_LEVEL ? side * ROOTS_PER_RADIUS : Infinity));
        this.extent = (MAX_CHUNK_COORDINATE + 1) * this.sides[MAX_LEVEL]!;
        this.viewerExtent = (MAX_CHUNK_COORDINATE * chunkSize) / 2;
    }

    /** The finest level whose chunks are at least half the radius wide. */
    public rootLevelFor(radius: number): number {
        let level = 0;
        while (level < MAX_LEVEL && this.rootRadii[level]! < radius) {
            level++;
        }
        return level;
    }

    public rootsInReachToRef(level: number, position: Place, radius: number, ref: ChunkList): void {
        this.chunksInReachToRef(level, position, radius, ref);
    }

    public chunksInReachToRef(level: number, position: Place, radius: number, ref: ChunkList): void {
        const side = this.sides[level]!;
        // Integers to the engine as well, which makes no objects of them on their way into a call.
        const firstX = Math.floor((position.x - radius) / side) | 0;
        const lastX = Math.floor((position.x + radius) / side) | 0;
        const firstZ = Math.floor((position.z - radius) / side) | 0;
        const lastZ = Math.floor((position.z + radius) / side) | 0;
        ref.clear();
        for (let z = firstZ; z <= lastZ; z++) {
            for (let x = firstX; x <= lastX; x++) {
                ref.add(NO_FACE, x, z);
                this.groundDistanceToRef(NO_FACE, level, x, z, position, ref.distances, ref.count - 1);
                if (!(ref.distances[ref.count - 1]! <= radius)) {
                    ref.count--;
                }
            }
        }
    }

    public neighboursToRef(_face: number, _level: number, x: number, z: number, ref: ChunkList): void {
        ref.clear();
        for (let nextZ = z - 1; nextZ <= z + 1; nextZ++) {
            for (let nextX = x - 1; nextX <= x + 1; nextX++) {
                const isInWorld = Math.abs(nextX) <= MAX_CHUNK_COORDINATE && Math.abs(nextZ) <= MAX_CHUNK_COORDINATE;
                if (isInWorld && (nextX !== x || nextZ !== z)) {
                    ref.add(NO_FACE, nextX, nextZ);
                }
            }
        }
    }

    public chunkAtToRef(level: number, position: Place, ref: ChunkList): void {
        const side = this.sides[level]!;
        const x = Math.floor(position.x / side);
        const z = Math.floor(position.z / side);
        ref.clear();
        if (Math.abs(x) <= MAX_CHUNK_COORDINATE && Math.abs(z) <= MAX_CHUNK_COORDINATE) {
            ref.add(NO_FACE, x, z);
        }
    }

    public groundDistanceToRef(
        _face: number,
        level: number,
        x: number,
        z: number,
        position: Place,
        ref: Float64Array,
        at: number,
    ): void {
        const side = this.sides[level]!;
        const dx = Math.max(0, x * side - position.x, position.x - x * side - side);
        const dz = Math.max(0, z * side - position.z, position.z - z * side - side);
        ref[at] = Math.sqrt(dx * dx + dz * dz);
    }

    public distanceToRef(
        face: number,
        level: number,
        x: number,
        z: number,
        position: Place,
        span: Float64Array,
        ref: Float64Array,
    ): void {
        this.groundDistanceToRef(face, level, x, z, position, ref, 0);
        const flat = ref[0]!;
        const up = Math.max(0, position.y - span[1]!, span[0]! - position.y);
        ref[0] = Math.sqrt(flat * flat + up * up);
    }

    /** A plane has none. */
    public isBeyondHorizon(): boolean {
        return false;
    }

    public centerToRef(_face: number, level: number, x: number, z: number, ref: Float64Array): void {
        const side = this.sides[level]!;
        ref[0] = (x + 0.5) * side;
        ref[1] = 0;
        ref[2] = (z + 0.5) * side;
    }

    /** The corner of least x and z. */
    public originToRef(_face: number, level: number, x: number, z: number, ref: Float64Array): void {
        const side = this.sides[level]!;
        ref[0] = x * side;
        ref[1] = 0;
        ref[2] = z * side;
    }

    public boxToRef(
        _face: number,
        level: number,
        x: number,
        z: number,
        span: Float64Array,
        margin: number,
        ref: Float64Array,
    ): void {
        const side = this.sides[level]!;
        ref[0] = (x - margin) * side;
        ref[1] = span[0]!;
        ref[2] = (z - margin) * side;
        ref[3] = (x + 1 + margin) * side;
        ref[4] = span[1]!;
        ref[5] = (z + 1 + margin) * side;
    }

    /** y does not count: chunks reach from the deepest cave to the sky. */
    public isInBox(_face: number, level: number, x: number, z: number, minimum: Place, maximum: Place): boolean {
        const side = this.sides[level]!;
        return (
            x * side <= maximum.x && (x + 1) * side >= minimum.x && z * side <= maximum.z && (z + 1) * side >= minimum.z
        );
    }

    public upToRef(_position: Place, ref: Float64Array): void {
        ref[0] = 0;
        ref[1] = 1;
        ref[2] = 0;
    }

    public altitudeAt(position: Place): number {
        return position.y;
    }
}
