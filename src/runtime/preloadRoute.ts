import type { Vec3Like } from "../base/vec3Like.js";
import type { ChunkAddress } from "../space/chunkAddress.js";
import { Availability, type ChunkAvailability } from "../space/chunkAvailability.js";
import { addressKey } from "../space/chunkKey.js";
import { ChunkList } from "../space/chunkList.js";
import type { Place, Topology } from "../space/topology.js";
import type { ChunkRequestResult } from "./chunkRequests.js";

/** More would flood the queue; a route this long is better preloaded in parts. */
export const MAX_PRELOADED_CHUNKS = 4096;
/** Places along a route that are looked at: most of a long one may lie beyond the edge of a bake. */
const MAX_PLACES = 16 * MAX_PRELOADED_CHUNKS;

export interface Route {
    readonly points: readonly Vec3Like[];
    readonly topology: Topology;
    /** Metres. */
    readonly viewDistance: number;
    /** What chunks there are; null where every chunk can be had. */
    readonly available: ChunkAvailability | null;
}

/**
 * Asks for each chunk along a route that there is, once that is known. Resolves with how many came, once all have come,
 * failed or been cancelled.
 */
export async function preloadRouteAsync(
    { points, topology, viewDistance, available }: Route,
    request: (address: ChunkAddress, settle: (result: ChunkRequestResult) => void) => void,
): Promise<number> {
    let addresses = addressesAlongRoute(points, topology, viewDistance, available);
    while (available !== null && available.pendingCount > 0) {
        await available.whenKnownAsync();
        addresses = addressesAlongRoute(points, topology, viewDistance, available);
    }
    return bakeAllAsync(addresses, request);
}

/**
 * Addresses of the chunks that someone on the route from point to point is about to need: at each level those that lie
 * within one chunk's side of the route, up to the level whose chunks reach `viewDistance`. Coarse levels come first,
 * since with them alone there is ground everywhere. At most `MAX_PRELOADED_CHUNKS`, and of those none that there is not,
 * or that nobody knows yet.
 */
export function addressesAlongRoute(
    points: readonly Vec3Like[],
    topology: Topology,
    viewDistance: number,
    available: ChunkAvailability | null = null,
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
                addAround(topology, level, { x, y, z }, available, known, addresses);
                if (addresses.length >= MAX_PRELOADED_CHUNKS || known.size >= MAX_PLACES) {
                    return addresses.slice(0, MAX_PRELOADED_CHUNKS);
                }
            }
        }
    }
    return addresses;
}

function bakeAllAsync(
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
    available: ChunkAvailability | null,
    known: Set<number>,
    addresses: ChunkAddress[],
): void {
    const [own, neighbours] = [new ChunkList(), new ChunkList()];
    topology.chunkAtToRef(level, place, own);
    addNew(own, level, available, known, addresses);
    if (own.count > 0) {
        topology.neighboursToRef(own.faces[0]!, level, own.xs[0]!, own.zs[0]!, neighbours);
        addNew(neighbours, level, available, known, addresses);
    }
}

function addNew(
    list: ChunkList,
    level: number,
    available: ChunkAvailability | null,
    known: Set<number>,
    addresses: ChunkAddress[],
): void {
    for (let i = 0; i < list.count; i++) {
        const [face, x, z] = [list.faces[i]!, list.xs[i]!, list.zs[i]!];
        const key = addressKey(face, level, x, z);
        if (!known.has(key)) {
            known.add(key);
            if (available === null || available.at(face, level, x, z) === Availability.available) {
                addresses.push({ face, level, x, z });
            }
        }
    }
}
