import path from "node:path";
import { median, rounded } from "../common/statistics.js";
import { tableOf } from "../common/table.js";
import { FlightBrowser, type Flight } from "./browser.js";
import { profilerOverhead, summarize, type Summary } from "./summary.js";
import type { Variant } from "./page/pilot.js";

interface Options {
    readonly root: string;
    readonly json: boolean;
    /** Whether chunks are kept in the browser's database, and looked for there first. */
    readonly store: boolean;
}

const MEMORY_LIMIT_BYTES = 128 * 2 ** 20;
const ROUNDS = 3;
/** Number of pairs of flights that tell what the profiler costs. */
const PROFILER_ROUNDS = 3;
/** In the drawn run, one frame in this many is drawn. */
const DRAW_EVERY = 45;
const VARIANTS: readonly Variant[] = ["prefetch", "pools", "budgets", "fades"];

/**
 * Runs `npm run bench -- flight`: out and back over the `endless` sample and 20 teleports, in Chromium. Milliseconds
 * come from runs that draw nothing, pictures from one that draws; then the same flight without prefetch, pools, budgets
 * and fades.
 */
export async function runAsync({ root, json, store }: Options): Promise<void> {
    const browser = await FlightBrowser.StartAsync(
        path.join(root, "dist/samples"),
        path.join(root, ".cache/bench/flightPage.js"),
        store ? "&store=browser" : "",
    );
    const flyAsync = (variant: Variant, drawEvery = 0): Promise<Flight> =>
        browser.flyAsync({ variant, drawEvery, memoryLimitBytes: MEMORY_LIMIT_BYTES });
    try {
        const flights: Flight[] = [];
        for (let i = 0; i < ROUNDS; i++) {
            flights.push(await flyAsync(""));
            console.log(`flight ${i + 1} of ${ROUNDS}: ${describe(summarize(flights[i]!))}`);
            const { out, back } = flights[i]!.record;
            const createdAt = [...out.createdAt, ...back.createdAt.map((frame) => out.pluginMs.length + frame)];
            console.log(`    GPU buffers were made in frames ${createdAt.join(", ")}`);
            const all = [...out.pluginMs, ...back.pluginMs].map((ms, frame) => ({ ms, frame }));
            const longest = all.sort((a, b) => b.ms - a.ms).slice(0, 3);
            console.log(
                `    longest frames: ${longest.map(({ ms, frame }) => `${frame} (${rounded(ms)} ms)`).join(", ")}`,
            );
        }
        const variants: Partial<Record<Variant, Summary>> = {};
        for (const variant of VARIANTS) {
            variants[variant] = summarize(await flyAsync(variant));
            console.log(`without ${variant}: ${describe(variants[variant])}`);
        }
        const overheads: number[] = [];
        for (let i = 0; i < PROFILER_ROUNDS; i++) {
            overheads.push(profilerOverhead(await flyAsync("profiler"), await flyAsync("profilerMirrored")));
        }
        const overhead = median(overheads);
        const percents = overheads.map((share) => (100 * share).toFixed(1));
        console.log(`the profiler takes ${percents.join(", ")} % of the rest`);
        const plan = { variant: "", drawEvery: 0, memoryLimitBytes: MEMORY_LIMIT_BYTES } as const;
        const passageBytes = await browser.measurePassageAsync(plan);
        console.log(`a chunk's passage leaves ${passageBytes.toFixed(0)} bytes`);
        const drawn = await flyAsync("", DRAW_EVERY);
        for (const { holes, firstHole } of drawn.record.drawn) {
            if (holes > 0) {
                console.log(`holes: ${holes} pixels, the first at ${firstHole}`);
            }
        }
        const { drawCalls, holes } = pictures([], await flyAsync("fades", DRAW_EVERY));
        Object.assign(variants.fades!, { drawCalls, holes });
        const result: Summary = {
            ...medians(flights.map(summarize)),
            ...pictures(flights, drawn),
            ...latencies(variants.prefetch!),
            profilerOverhead: overhead,
            passageBytes,
        };
        const names = Object.keys(result).filter((name) => typeof result[name] === "number");
        const row = (summary: Summary | undefined, name: string): string | number =>
            summary?.[name] === undefined ? "" : rounded(summary[name]);
        console.log(
            tableOf(
                names.map((name) => ({
                    figure: name,
                    all: rounded(result[name]!),
                    ...Object.fromEntries(VARIANTS.map((variant) => [`no ${variant}`, row(variants[variant], name)])),
                })),
            ),
        );
        if (json) {
            const figures = Object.fromEntries(names.map((name) => [name, rounded(result[name]!)]));
            console.log(JSON.stringify({ ...figures, without: variants }));
        }
    } finally {
        await browser.closeAsync();
    }
}

function medians(summaries: readonly Summary[]): Summary {
    const names = Object.keys(summaries[0]!);
    return Object.fromEntries(names.map((name) => [name, median(summaries.map((summary) => summary[name]!))]));
}

/** Returns what only the drawn run tells; holes are those of all runs. */
function pictures(flights: readonly Flight[], drawn: Flight): Summary {
    const frames = drawn.record.drawn;
    const fps = frames.map(({ ms }) => 1000 / ms);
    const mean = frames.reduce((sum, { ms }) => sum + ms, 0) / frames.length;
    const variance = frames.reduce((sum, { ms }) => sum + (ms - mean) ** 2, 0) / frames.length;
    const uncovered = [...flights, drawn].reduce(
        (sum, { record }) => sum + record.out.uncovered + record.back.uncovered,
        0,
    );
    return {
        holes: frames.filter(({ holes }) => holes > 0).length + uncovered,
        framesLookedAt: frames.length,
        drawCalls: median(frames.map(({ drawCalls }) => drawCalls)),
        drawCallsNaive: median(frames.map(({ chunksInView }) => chunksInView)),
        fpsP50: median(fps),
        frameVariance: variance / mean ** 2,
    };
}

/**
 * Returns milliseconds from the request of a chunk that was not cached to the picture: with prefetch there are none in
 * flight.
 */
function latencies({ chunkLatencyMsP50, chunkLatencyMsP95, uncachedChunks }: Summary): Summary {
    return {
        chunkLatencyMsP50: chunkLatencyMsP50!,
        chunkLatencyMsP95: chunkLatencyMsP95!,
        uncachedChunks: uncachedChunks!,
    };
}

function describe(summary: Summary): string {
    const names = ["pluginMsP50", "pluginMsP99", "pluginMsMax", "timeToGroundMsP95", "preloadHitRate", "peakMB"];
    return names.map((name) => `${name} ${rounded(summary[name]!)}`).join(", ");
}
