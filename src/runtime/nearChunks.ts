import { squareDistance } from "../lod/wantedDetail.js";
import { bandAt, priorityOf } from "../streaming/bands.js";
import type { Viewer } from "../streaming/viewer.js";
import type { NeededTaker, SinkRule } from "./sinkStream.js";

export interface NearChunksOptions {
    /** Metres: side of a level-0 chunk. */
    readonly chunkSize: number;
    /** The level of the chunks. Default 0, the finest. */
    readonly level?: number;
    /** Metres around each viewer, where it does not say so itself. */
    readonly radius: number;
    /** Read each time: move them, add some, take some out. */
    readonly viewers: readonly Viewer[];
}

/** Needs the chunks of one level that come nearer to a viewer than a radius, on the map. For colliders and the like. */
export class NearChunks implements SinkRule {
    public constructor(private readonly _options: NearChunksOptions) {}

    public forEachNeeded(taker: NeededTaker): void {
        const { chunkSize, level = 0, radius: defaultRadius, viewers } = this._options;
        const side = chunkSize * 2 ** level;
        for (let i = 0; i < viewers.length; i++) {
            const { position, radius = defaultRadius } = viewers[i]!;
            if (!Number.isFinite(position.x + position.z)) {
                continue;
            }
            const lastX = Math.floor((position.x + radius) / side);
            const lastZ = Math.floor((position.z + radius) / side);
            for (let z = Math.floor((position.z - radius) / side); z <= lastZ; z++) {
                for (let x = Math.floor((position.x - radius) / side); x <= lastX; x++) {
                    const distance = squareDistance(x * side, z * side, side, position.x, position.z);
                    if (distance <= radius) {
                        taker.need(level, x, z, priorityOf(false, bandAt(distance / radius), true, level, distance));
                    }
                }
            }
        }
    }
}
