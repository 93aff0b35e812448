import { ChunkList } from "../space/chunkList.js";
import type { Topology } from "../space/topology.js";
import { bandAt, priorityOf } from "../streaming/bands.js";
import type { Viewer } from "../streaming/viewer.js";
import type { NeededVisitor, SinkRule } from "./sinkStream.js";

/** Sides of a chunk that a radius reaches at most: some 3,300 chunks. A body may be given any radius while the world runs. */
export const MOST_SIDES = 32;

export interface NearChunksOptions {
    readonly topology: Topology;
    /** The level of the chunks. Default 0, the finest. */
    readonly level?: number;
    /** Metres around each viewer, where it does not say so itself. */
    readonly radius: number;
    /** Read each time: move them, add some, take some out. */
    readonly viewers: readonly Viewer[];
}

/** Needs the chunks of one level that come nearer to a viewer than a radius, over the ground. For colliders and the like. */
export class NearChunks implements SinkRule {
    private readonly _near = new ChunkList();

    public constructor(private readonly _options: NearChunksOptions) {}

    public forEachNeeded(visitor: NeededVisitor): void {
        const { topology, level = 0, radius: defaultRadius, viewers } = this._options;
        const { _near: near } = this;
        const farthest = MOST_SIDES * topology.sides[level]!;
        for (let i = 0; i < viewers.length; i++) {
            const { position, radius: asked = defaultRadius } = viewers[i]!;
            const radius = Math.min(asked, farthest);
            if (!(Number.isFinite(position.x + position.z) && radius >= 0)) {
                continue;
            }
            topology.chunksInReachToRef(level, position, radius, near);
            for (let j = 0; j < near.count; j++) {
                const distance = near.distances[j]!;
                const priority = priorityOf(false, bandAt(radius > 0 ? distance / radius : 0), true, level, distance);
                visitor.need(near.faces[j]!, level, near.xs[j]!, near.zs[j]!, priority);
            }
        }
    }
}
