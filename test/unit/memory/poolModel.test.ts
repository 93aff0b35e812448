import { BufferPoolManager, type TypedLease } from "../../../src/memory/bufferPoolManager.js";
import { Random, testSeed } from "../../support/randomRecipe.js";

const LEASES = 100_000;
const seed = testSeed();

/** A worker as the pool sees it: buffers arrive by transfer, and come back, grow, or die with it. */
class SimulatedWorker {
    public readonly held: { sentBytes: number; buffer: ArrayBuffer }[] = [];

    public send(buffer: ArrayBuffer): void {
        this.held.push({ sentBytes: buffer.byteLength, buffer: moved(buffer) });
    }
}

const moved = (buffer: ArrayBuffer): ArrayBuffer => structuredClone(buffer, { transfer: [buffer] });

test(`over ${LEASES} leases and two workers that crash, no buffer is given twice and the accounts always add up (seed ${seed})`, () => {
    const random = new Random(seed);
    const pools = new BufferPoolManager({ memoryLimitBytes: Infinity });
    const transit = pools.poolOf("serialization");
    const workers = [new SimulatedWorker(), new SimulatedWorker()] as const;
    /** Every buffer that somebody holds, by identity, and its bytes: the model. */
    const out = new Map<ArrayBuffer, number>();
    const arrays: TypedLease<"heightfield2d" | "vertex">[] = [];
    const received: ArrayBuffer[] = [];
    let inTransit = 0;
    let crashes = 0;

    const take = (buffer: ArrayBuffer): void => {
        expect(out.has(buffer)).toBe(false);
        out.set(buffer, buffer.byteLength);
    };
    const give = (buffer: ArrayBuffer): void => {
        expect(out.delete(buffer)).toBe(true);
    };
    const pickFrom = <T>(list: T[]): T => {
        const i = random.whole(0, list.length - 1);
        const item = list[i]!;
        list[i] = list.at(-1)!;
        list.pop();
        return item;
    };

    for (let i = 0; i < LEASES; i++) {
        const worker = random.pick(workers);
        const action = random.whole(0, 99);
        if (action < 25) {
            const kind = random.pick(["heightfield2d", "vertex"] as const);
            const lease = pools.getBuffer(kind, [random.whole(1, 64), random.whole(1, 64)]);
            take(lease.array().buffer as ArrayBuffer);
            arrays.push(lease);
        } else if (action < 49 && arrays.length > 0) {
            const lease = pickFrom(arrays);
            give(lease.array().buffer as ArrayBuffer);
            lease.release();
        } else if (action < 72) {
            const lease = transit.lease(random.whole(1, 20_000));
            inTransit += lease.buffer.byteLength;
            worker.send(lease.sendOut());
        } else if (action < 85 && worker.held.length > 0) {
            const { buffer } = worker.held.shift()!;
            inTransit -= buffer.byteLength;
            transit.receive(buffer);
            take(buffer);
            received.push(buffer);
        } else if (action < 90 && worker.held.length > 0) {
            // Too small: the worker made a larger one, and both come home.
            const { buffer } = worker.held.shift()!;
            const larger = new ArrayBuffer(buffer.byteLength + random.whole(1, 5000));
            inTransit -= buffer.byteLength;
            transit.receive(buffer);
            transit.adopt(larger);
            transit.takeBack(buffer);
            take(larger);
            received.push(larger);
        } else if (action < 97 && received.length > 0) {
            const buffer = pickFrom(received);
            give(buffer);
            transit.takeBack(buffer);
        } else if (action === 97) {
            crashes++;
            for (const { sentBytes } of worker.held.splice(0)) {
                inTransit -= sentBytes;
                transit.reportLost(sentBytes);
            }
        } else if (action === 98 && i % 50 === 0) {
            pools.forceCleanup();
        }
        if (i % 100 === 0) {
            const { bytesOut, bytesIdle, bytesInTransit, usedBytes } = pools.getGlobalStats();
            const modelled = [...out.values()].reduce((sum, bytes) => sum + bytes, 0);
            expect([bytesOut, bytesInTransit]).toEqual([modelled, inTransit]);
            expect(bytesOut + bytesIdle + bytesInTransit).toBe(usedBytes);
        }
    }
    expect(crashes).toBeGreaterThan(300);
    arrays.forEach((lease) => lease.release());
    received.forEach((buffer) => transit.takeBack(buffer));
    workers.forEach(({ held }) => held.forEach(({ sentBytes }) => transit.reportLost(sentBytes)));
    expect(pools.getGlobalStats()).toMatchObject({ bytesOut: 0, bytesInTransit: 0, leases: 0, bytesAsked: 0 });
    pools.forceCleanup();
    expect(pools.getGlobalStats().usedBytes).toBe(0);
});
