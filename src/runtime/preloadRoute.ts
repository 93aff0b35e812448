import type { Vec3Like } from "../base/vec3Like.js";
import type { ChunkAddress } from "../space/chunkAddress.js";
import { addressKey } from "../space/chunkKey.js";
import { ChunkList } from "../space/chunkList.js";
import type { Place, Topology } from "../space/topology.js";
import type { ChunkRequestResult } from "./chunkRequests.js";

/** More would flood the queue; a route this long is better preloaded in parts. */
export const MAX_PRELOADED_CHUNKS = 4096;

/**
 * Addresses of the chunks that someone on the route from point to point is about to need: at each level those that lie
 * within one chunk's side of the route, up to the level whose chunks reach `viewDistance`. Coarse levels come first,
 * since with them alone there is ground everywhere. At most `MAX_PRELOADED_CHUNKS`.
 */
export function addressesAlongRoute(
    points: readonly Vec3Like[],
    topology: Topology,
    viewDistance: number,
): ChunkAddress[] {
    const addresses: ChunkAddress[] = [];
    const known = new Set<number>();
    for (let level = levelThatReaches(viewDistance, topology); level >= 0; level--) {
        const side = topology.sides[level]!;
        for (let i = 0; i < points.length; i++) {
            const from = points[Math.max(0, i - 1)]!;
            const to = points[i]!;
            const steps = Math.max(1, Math.ceil(Math.hypot(to.x - from.x, to.z - from.z) / side));
            for (let step = 1; step <= steps; step++) {
                const x = from.x + ((to.x - from.x) * step) / steps;
                const y = from.y + ((to.y - from.y) * step) / steps;
                const z = from.z + ((to.z - from.z) * step) / steps;
                addAround(topology, level, { x, y, z }, known, addresses);
                if (addresses.length >= MAX_PRELOADED_CHUNKS) {
                    return addresses.slice(0, MAX_PRELOADED_CHUNKS);
                }
            }
        }
    }
    return addresses;
}

/** Asks for each chunk; resolves with how many came, once all have come, failed or been cancelled. */
export function bakeAllAsync(
    addresses: readonly ChunkAddress[],
    request: (address: ChunkAddress, settle: (result: ChunkRequestResult) => void) => void,
): Promise<number> {
    if (addresses.length === 0) {
        return Promise.resolve(0);
    }
    return new Promise((resolve) => {
        let settled = 0;
        let ready = 0;
        const settle = (result: ChunkRequestResult): void => {
            settled++;
            ready += result.status === "done" ? 1 : 0;
            if (settled === addresses.length) {
                resolve(ready);
            }
        };
        for (const address of addresses) {
            request(address, settle);
        }
    });
}

function levelThatReaches(viewDistance: number, { sides }: Topology): number {
    const level = sides.findIndex((side) => side >= viewDistance);
    return level < 0 ? sides.length - 1 : level;
}

function addAround(
    topology: Topology,
    level: number,
    place: Place,
    known: Set<number>,
    addresses: ChunkAddress[],
): void {
    const [own, neighbours] = [new ChunkList(), new ChunkList()];
    topology.chunkAtToRef(level, place, own);
    addNew(own, level, known, addresses);
    if (own.count > 0) {
        topology.neighboursToRef(own.faces[0]!, level, own.xs[0]!, own.zs[0]!, neighbours);
        addNew(neighbours, level, known, addresses);
    }
}

function addNew(list: ChunkList, level: number, known: Set<number>, addresses: ChunkAddress[]): void {
    for (let i = 0; i < list.count; i++) {
        const [face, x, z] = [list.faces[i]!, list.xs[i]!, list.zs[i]!];
        const key = addressKey(face, level, x, z);
        if (!known.has(key)) {
            known.add(key);
            addresses.push({ face, level, x, z });
        }
    }
}
