import type { Vec3Like } from "../base/vec3Like.js";
import type { ChunkRequestResult } from "./chunkRequests.js";
import { MAX_CHUNK_COORDINATE, NO_FACE, addressKey, type ChunkAddress } from "../space/chunkAddress.js";

/** More would flood the queue; a route this long is better preloaded in parts. */
export const MAX_PRELOADED_CHUNKS = 4096;

/**
 * Addresses of the chunks that someone on the route from point to point is about to need: at each level those that lie
 * within one chunk's side of the route, up to the level whose chunks reach `viewDistance`. Coarse levels come first,
 * since with them alone there is ground everywhere. At most `MAX_PRELOADED_CHUNKS`.
 */
export function addressesAlongRoute(
    points: readonly Vec3Like[],
    chunkSize: number,
    viewDistance: number,
): ChunkAddress[] {
    const addresses: ChunkAddress[] = [];
    const known = new Set<number>();
    for (let level = levelThatReaches(viewDistance, chunkSize); level >= 0; level--) {
        const side = chunkSize * 2 ** level;
        for (let i = 0; i < points.length; i++) {
            const from = points[Math.max(0, i - 1)]!;
            const to = points[i]!;
            const steps = Math.max(1, Math.ceil(Math.hypot(to.x - from.x, to.z - from.z) / side));
            for (let step = 1; step <= steps; step++) {
                const x = Math.floor((from.x + ((to.x - from.x) * step) / steps) / side);
                const z = Math.floor((from.z + ((to.z - from.z) * step) / steps) / side);
                addAround(level, x, z, known, addresses);
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

function levelThatReaches(viewDistance: number, chunkSize: number): number {
    let level = 0;
    while (chunkSize * 2 ** level < viewDistance) {
        level++;
    }
    return level;
}

function addAround(level: number, x: number, z: number, known: Set<number>, addresses: ChunkAddress[]): void {
    for (let dz = -1; dz <= 1; dz++) {
        for (let dx = -1; dx <= 1; dx++) {
            const key = addressKey(level, x + dx, z + dz);
            const isInRange = Math.abs(x + dx) <= MAX_CHUNK_COORDINATE && Math.abs(z + dz) <= MAX_CHUNK_COORDINATE;
            if (isInRange && !known.has(key)) {
                known.add(key);
                addresses.push({ face: NO_FACE, level, x: x + dx, z: z + dz });
            }
        }
    }
}
