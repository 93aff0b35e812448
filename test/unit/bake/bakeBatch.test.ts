import { createBatchBaker } from "../../../src/bake/bakeBatch.js";
import { STAGES } from "../../../src/bake/protocol.js";
import { initHashAsync } from "../../../src/base/hash.js";
import { readChunkHash, readChunkHeader } from "../../../src/format/chunkData.js";
import { Presets } from "../../../src/recipe/presets.js";
import { flatAddress } from "../../../src/space/chunkAddress.js";
import { loadKernelsAsync } from "../../support/kernels.js";

const kernels = await loadKernelsAsync();

const recipeJson = JSON.stringify(Presets.endless({ seed: 5, terrain: { resolution: 16 } }));

beforeAll(initHashAsync);

test("a buffer that is large enough is filled and comes back; a small one comes back unused", () => {
    const large = new ArrayBuffer(100_000);
    const small = new ArrayBuffer(64);
    const { outcomes } = createBatchBaker(kernels)({
        recipeJson,
        tasks: [
            { id: 1, address: flatAddress(0, 3, 4), buffer: large },
            { id: 2, address: flatAddress(2, -1, 0), buffer: small },
        ],
    });
    const [first, second] = outcomes as [(typeof outcomes)[0], (typeof outcomes)[0]];
    expect(first).toMatchObject({ id: 1, ok: true, unused: null });
    expect(first.buffer).toBe(large);
    expect(second).toMatchObject({ id: 2, ok: true });
    expect(second.ok && second.unused).toBe(small);
    expect(second.buffer).not.toBe(small);
    for (const outcome of outcomes) {
        if (!outcome.ok) {
            throw new Error(outcome.message);
        }
        const header = readChunkHeader(new Uint8Array(outcome.buffer, 0, outcome.byteLength));
        expect(header.byteLength).toBe(outcome.byteLength);
        expect(outcome.stageMs).toHaveLength(STAGES.length);
        expect(outcome.endedMs).toBeGreaterThanOrEqual(outcome.startedMs);
        // Both are taken from the same clock: the stages fill the time between.
        const total = outcome.stageMs.reduce((sum, ms) => sum + ms, 0);
        expect(total).toBeLessThanOrEqual(outcome.endedMs - outcome.startedMs + 0.5);
        expect(total).toBeGreaterThan(0);
    }
});

test("a chunk that cannot be baked fails alone, named by its address, and its buffer comes back", () => {
    const buffer = new ArrayBuffer(8);
    const { outcomes } = createBatchBaker(kernels)({
        recipeJson,
        tasks: [
            { id: 1, address: { face: 3, level: 0, x: 7, z: 8 }, buffer },
            { id: 2, address: flatAddress(0, 0, 0), buffer: new ArrayBuffer(0) },
        ],
    });
    expect(outcomes[0]).toMatchObject({ id: 1, ok: false, code: "TERRANE_INVALID", buffer });
    expect(!outcomes[0]!.ok && outcomes[0]!.message).toContain("3/0/7/8");
    expect(outcomes[1]!.ok).toBe(true);
});

test("a chunk's bytes do not depend on the chunks baked before it, nor on what its buffer held", () => {
    const tasks = [
        [0, 2, 2],
        [3, 0, -1],
        [1, -4, 2],
    ].map(([level, x, z], id) => ({ id, address: flatAddress(level!, x!, z!), buffer: new ArrayBuffer(120_000) }));
    const hashes = (order: typeof tasks): Map<number, string> => {
        const bake = createBatchBaker(kernels);
        const found = new Map<number, string>();
        for (const task of order) {
            const buffer = new ArrayBuffer(120_000);
            new Uint8Array(buffer).fill(0xa5);
            const outcome = bake({ recipeJson, tasks: [{ ...task, buffer }] }).outcomes[0]!;
            found.set(task.id, readChunkHash(new Uint8Array(outcome.buffer, 0, outcome.ok ? outcome.byteLength : 0)));
        }
        return found;
    };
    const forwards = hashes(tasks);
    expect(new Set(forwards.values()).size).toBe(3);
    expect([...hashes([...tasks].reverse())].sort()).toEqual([...forwards].sort());
});
