import type { SampleParts } from "../../../samples/common/openSample.js";

const BATCHES = 21;
const CALLS = 1000;
const BACKLOG = 400;
const PROBES = 24;

/** Measures the milliseconds that the cache takes to answer: the mean of 1,000 calls, many times over. */
export function measureCached({ world }: SampleParts): number[] {
    const addresses: string[] = [];
    world["_runtime"].forEachShown(({ level, x, z }) => addresses.push(`${level}/${x}/${z}`));
    const means: number[] = [];
    for (let batch = 0; batch < BATCHES; batch++) {
        let answered = 0;
        const startMs = performance.now();
        for (let i = 0; i < CALLS; i++) {
            world.requestChunk(addresses[i % addresses.length]!, "normal", ({ status }) => {
                answered += status === "done" ? 1 : 0;
            });
        }
        means.push((performance.now() - startMs) / CALLS);
        if (answered !== CALLS) {
            throw new Error(`${CALLS - answered} of ${CALLS} shown chunks were not answered at once`);
        }
    }
    return means;
}

/**
 * Measures the milliseconds that requests of two bands take behind a full queue: as many of each, in turn, made at the
 * same moment.
 */
export async function measureBandsAsync(
    { world }: SampleParts,
    frameAsync: () => Promise<unknown>,
): Promise<{ immediate: number[]; normal: number[] }> {
    const result = { immediate: [] as number[], normal: [] as number[] };
    let settled = 0;
    // Far from everything that is shown, level 1 so that no node wants it.
    for (let i = 0; i < BACKLOG; i++) {
        world.requestChunk(`1/${40_000 + i}/40000`, "normal", () => settled++);
    }
    await frameAsync();
    for (let i = 0; i < PROBES; i++) {
        for (const band of ["normal", "immediate"] as const) {
            const startMs = performance.now();
            world.requestChunk(`1/${40_000 + i}/${band === "normal" ? 41_000 : 42_000}`, band, () => {
                result[band].push(performance.now() - startMs);
                settled++;
            });
        }
    }
    while (settled < BACKLOG + 2 * PROBES) {
        await frameAsync();
    }
    return result;
}
