import fc from "fast-check";
import { TerraneError } from "../../../src/base/errors.js";
import { BufferPool, type BufferLease } from "../../../src/memory/bufferPool.js";

/** What a transfer does: the bytes move to a new identity, the old one is dead. */
const transfer = (buffer: ArrayBuffer): ArrayBuffer => structuredClone(buffer, { transfer: [buffer] });

const accountsOf = (pool: BufferPool) => ({
    out: pool.bytesOut,
    idle: pool.bytesIdle,
    inTransit: pool.bytesInTransit,
});

test("a released buffer serves the next lease of its class", () => {
    const pool = new BufferPool();
    const first = pool.lease(100_000);
    const { buffer } = first;
    expect(buffer.byteLength).toBeGreaterThanOrEqual(100_000);
    expect(buffer.byteLength).toBeLessThanOrEqual(125_000);
    first.release();
    expect(pool.lease(99_000).buffer).toBe(buffer);
    expect(pool.lease(99_000).buffer).not.toBe(buffer);
    expect([pool.hits, pool.misses]).toEqual([1, 2]);
});

test("a lease used after its end throws, whichever way it ended", () => {
    for (const end of ["release", "sendOut", "detach"] as const) {
        const lease = new BufferPool().lease(10);
        lease[end]();
        expect(() => lease.buffer).toThrow(TerraneError);
        expect(() => lease.release()).toThrow(/lease is "ended"/);
        expect(() => lease.sendOut()).toThrow(TerraneError);
        expect(() => lease.detach()).toThrow(TerraneError);
        expect(() => lease[Symbol.dispose]()).not.toThrow();
    }
});

test("using gives the lease back at the end of its block", () => {
    const pool = new BufferPool();
    {
        using lease = pool.lease(5000);
        expect(accountsOf(pool)).toEqual({ out: lease.buffer.byteLength, idle: 0, inTransit: 0 });
    }
    expect(accountsOf(pool)).toEqual({ out: 0, idle: 5120, inTransit: 0 });
});

test("a buffer cannot be given back twice, nor come from a transit that never was", () => {
    const pool = new BufferPool();
    const buffer = transfer(pool.lease(4096).sendOut());
    pool.takeBack(buffer);
    expect(() => pool.takeBack(buffer)).toThrow(/rests in the pool already/);
    expect(() => pool.takeBack(new ArrayBuffer(4096))).toThrow(/in transit, 0 bytes/);
    expect(() => pool.receive(new ArrayBuffer(4096))).toThrow(TerraneError);
    expect(() => pool.reportLost(1)).toThrow(TerraneError);
    expect(() => pool.adopt(buffer)).toThrow(TerraneError);
    expect(accountsOf(pool)).toEqual({ out: 0, idle: 4096, inTransit: 0 });
});

test("a failed receive leaves nothing in the accounts", () => {
    const pool = new BufferPool();
    expect(() => pool.receive(new ArrayBuffer(2048))).toThrow(TerraneError);
    expect(pool.bytesTotal).toBe(0);
});

test("a buffer of odd length, as a worker may make, serves only what fits into it", () => {
    const pool = new BufferPool();
    const odd = new ArrayBuffer(100_001);
    pool.adopt(odd).release();
    expect(pool.lease(100_001).buffer).not.toBe(odd);
    expect(pool.lease(98_304).buffer).toBe(odd);
});

test.each([-1, 1.5, NaN, Infinity])("lease(%p) throws", (byteLength) => {
    expect(() => new BufferPool().lease(byteLength)).toThrow(/byteLength/);
});

test("trim drops the largest first and no more than needed", () => {
    const pool = new BufferPool();
    const leases = [1024, 2048, 4096].map((size) => pool.lease(size));
    leases.forEach((lease) => lease.release());
    pool.trim(7168);
    expect(pool.bytesIdle).toBe(7168);
    pool.trim(3500);
    expect(pool.bytesIdle).toBe(3072);
    pool.trim(0);
    expect(pool.bytesTotal).toBe(0);
    expect(pool.lease(1024).buffer.byteLength).toBe(1024);
});

// A model with three plain lists: the accounts must agree with it after every step, whatever the order. Seed of the
// counterexample is printed by fast-check.
test("out, idle and in transit are exact after any sequence of steps", () => {
    const step = fc.oneof(
        fc.record({ kind: fc.constant("lease" as const), n: fc.integer({ min: 0, max: 20_000 }) }),
        fc.record({
            kind: fc.constantFrom(
                "release",
                "sendOut",
                "detach",
                "receive",
                "takeBack",
                "lost",
                "adopt",
                "trim",
                "leaseOut",
            ),
            n: fc.nat(20_000),
        }),
    );
    fc.assert(
        fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
            const pool = new BufferPool();
            const out: { lease: Omit<BufferLease, typeof Symbol.dispose>; bytes: number }[] = [];
            const transit: ArrayBuffer[] = [];
            let total = 0;
            let leases = 0;
            for (const { kind, n } of steps) {
                const held = out.length > 0 ? out.splice(n % out.length, 1)[0]! : null;
                const keep = (): unknown => held !== null && out.push(held);
                const arrived = (): ArrayBuffer | undefined => transit.splice(n % Math.max(1, transit.length), 1)[0];
                if (kind === "release" && held !== null) {
                    held.lease.release();
                } else if (kind === "sendOut" && held !== null) {
                    transit.push(transfer(held.lease.sendOut()));
                } else if (kind === "detach" && held !== null) {
                    held.lease.detach();
                    total -= held.bytes;
                } else {
                    keep();
                    if (kind === "lease") {
                        const idleBefore = pool.bytesIdle;
                        const lease = pool.lease(n);
                        leases++;
                        expect(lease.buffer.byteLength).toBeGreaterThanOrEqual(n);
                        out.push({ lease, bytes: lease.buffer.byteLength });
                        if (pool.bytesIdle === idleBefore) {
                            total += lease.buffer.byteLength;
                        }
                    } else if (kind === "leaseOut") {
                        const idleBefore = pool.bytesIdle;
                        const buffer = pool.leaseOut(n);
                        leases++;
                        expect(buffer.byteLength).toBeGreaterThanOrEqual(n);
                        if (pool.bytesIdle === idleBefore) {
                            total += buffer.byteLength;
                        }
                        transit.push(transfer(buffer));
                    } else if (kind === "adopt") {
                        out.push({ lease: pool.adopt(new ArrayBuffer(1024 + n)), bytes: 1024 + n });
                        total += 1024 + n;
                    } else if (kind === "trim") {
                        const before = pool.bytesIdle;
                        pool.trim(n);
                        expect(pool.bytesIdle).toBeLessThanOrEqual(n);
                        total -= before - pool.bytesIdle;
                    } else if (transit.length > 0) {
                        const buffer = arrived()!;
                        if (kind === "receive") {
                            pool.receive(buffer);
                            out.push({ lease: withoutLease(pool, buffer), bytes: buffer.byteLength });
                        } else if (kind === "takeBack") {
                            pool.takeBack(buffer);
                        } else if (kind === "lost") {
                            pool.reportLost(buffer.byteLength);
                            total -= buffer.byteLength;
                        } else {
                            transit.push(buffer);
                        }
                    }
                }
                const outBytes = out.reduce((sum, { bytes }) => sum + bytes, 0);
                const transitBytes = transit.reduce((sum, { byteLength }) => sum + byteLength, 0);
                expect(accountsOf(pool)).toEqual({
                    out: outBytes,
                    inTransit: transitBytes,
                    idle: total - outBytes - transitBytes,
                });
                expect(pool.bytesTotal).toBe(total);
                expect(pool.hits + pool.misses).toBe(leases);
                expect(new Set(out.map(({ lease }) => lease.buffer)).size).toBe(out.length);
            }
        }),
        { numRuns: 300 },
    );
});

/** What came from transit is out without a lease, and ends as one does. */
function withoutLease(pool: BufferPool, buffer: ArrayBuffer) {
    return {
        buffer,
        release: () => pool.takeBack(buffer),
        sendOut: () => pool.sendOut(buffer),
        detach: () => pool.detach(buffer),
    };
}
