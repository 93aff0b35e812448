import type { OperationStats } from "../profiler/operationTrack.js";
import type { InspectedWorld } from "./inspectedWorld.js";

/** A line of a pane: what it is called and its value as text. */
export interface Row {
    readonly label: string;
    readonly value: string;
}

export interface Section {
    readonly title: string;
    readonly rows: readonly Row[];
}

/** Operations of a bake, whole first, then its stages in the order in which they run. */
const BAKE_OPERATIONS = [
    ["bakeTerrain", "Chunk"],
    ["bakeNoise", "Noise"],
    ["bakeCaves", "Caves"],
    ["bakeFusion", "Fusion"],
    ["bakeTangents", "Tangents"],
    ["serializeBuffer", "Packing"],
    ["hashBuffer", "Hash"],
] as const;

/** Hitches that are listed, and operations of each. */
const SHOWN_HITCHES = 5;
const SHOWN_SHARES = 3;

/** All that the pane shows, read from the world once. */
export function readSections(world: InspectedWorld): Section[] {
    const stats = world.getStats();
    const frames = world.profiler.getFrameStats();
    return [
        { title: "World", rows: worldRows(world) },
        {
            title: "Streaming",
            rows: [
                row("Chunks shown", count(stats.visibleChunks)),
                row("Draw calls", `${count(stats.drawCalls)} for ${count(stats.chunksInView)} chunks in view`),
                row("Triangles", count(stats.triangles)),
                row("Queue", count(stats.pendingRequests)),
                row("Baking", `${count(stats.bakingChunks)}, workers: ${count(stats.workers)}`),
                row("Waiting for the budget", count(stats.waitingForUpload)),
                row("Baked", count(stats.bakedChunks)),
                row("Cancelled", count(stats.cancelledRequests)),
                row("Failed", count(stats.failedChunks)),
                row("Request to picture", milliseconds(stats.chunkLatencyMs)),
                row(
                    "Queue / bake / return / wait / upload",
                    milliseconds(stats.queuedMs, stats.bakingMs, stats.returningMs, stats.waitingMs, stats.uploadMs),
                ),
                row("Cache hits", share(stats.cacheHits, stats.cacheHits + stats.cacheMisses)),
                row("Foreseen", share(stats.shownPredicted, stats.shownChunks)),
                row("Screen-space error", `${stats.effectiveScreenSpaceError.toFixed(2)} px`),
            ],
        },
        {
            title: "Memory",
            rows: [
                row(
                    "Used",
                    `${megabytes(stats.usedBytes)}, ${share(stats.usedBytes, stats.memoryLimitBytes)} of the limit`,
                ),
                row("Limit", megabytes(stats.memoryLimitBytes)),
                row("Peak", megabytes(stats.peakBytes)),
                row("Times short", count(stats.pressureEvents)),
                row("Cached", `${megabytes(stats.cachedBytes)} in ${count(stats.cachedChunks)} chunks`),
                row("Pooled", `${megabytes(stats.pooledBytes)}, idle ${megabytes(stats.idleBytes)}`),
                row("GPU", `${megabytes(stats.gpuBytes)}, idle ${megabytes(stats.idleGpuBytes)}`),
            ],
        },
        { title: "Bake", rows: bakeRows(world) },
        {
            title: "Frames",
            rows: [
                row("Frames a second", frames.frames === 0 ? "none yet" : `${frames.fps.toFixed(1)} (${frames.tier})`),
                row("Frame p50 / p95 / p99", milliseconds(frames.p50Ms, frames.p95Ms, frames.p99Ms)),
                row("Longest", milliseconds(frames.longestMs)),
                row("Smoothness", frames.smoothness.toFixed(2)),
                row("Terrane mean / p95", milliseconds(frames.updateMeanMs, frames.updateP95Ms)),
                row("Hitches", count(frames.hitches)),
                ...hitchRows(world),
            ],
        },
        { title: "Advice", rows: adviceRows(world) },
    ];
}

function worldRows(world: InspectedWorld): Row[] {
    const { recipe } = world;
    const rows = [
        row("Name", world.name),
        row("Seed", String(recipe.seed)),
        row("Recipe", recipe.id),
        row("Topology", recipe.topology),
        row("Chunk", `${recipe.chunkSize} m, ${recipe.terrain.resolution} cells`),
    ];
    if (world.generatorVersion !== undefined) {
        rows.push(row("Generator version", String(world.generatorVersion)));
    }
    return rows;
}

function bakeRows(world: InspectedWorld): Row[] {
    const rows: Row[] = [];
    for (const [operation, label] of BAKE_OPERATIONS) {
        const stats = world.profiler.getOperationStats(operation);
        if (stats !== undefined) {
            rows.push(row(`${label} mean / p95`, meanAndP95(stats)));
        }
    }
    return rows.length > 0 ? rows : [row("Chunk mean / p95", "none yet")];
}

/** The latest hitches, the newest first, with what ran longest in each. */
function hitchRows({ profiler }: InspectedWorld): Row[] {
    const latest = profiler.getHitches().slice(-SHOWN_HITCHES).reverse();
    return latest.map(({ frame, frameTimeMs, medianMs, ran }) => {
        const what = ran
            .slice(0, SHOWN_SHARES)
            .map(({ operation, totalMs }) => `${operation} ${totalMs.toFixed(1)}`)
            .join(", ");
        const times = `${frameTimeMs.toFixed(1)} ms, median ${medianMs.toFixed(1)}`;
        return row(`Frame ${count(frame)}`, what === "" ? times : `${times}: ${what}`);
    });
}

/** What to change, the most pressing first. */
function adviceRows({ profiler }: InspectedWorld): Row[] {
    const advice = profiler.analyze();
    return advice.length > 0
        ? advice.map(({ option, saturated, message }) => row(`${option}: ${saturated}`, message))
        : [row("Nothing to change", "all within limits")];
}

function meanAndP95({ recent }: OperationStats): string {
    return milliseconds(recent.meanMs, recent.p95Ms);
}

function row(label: string, value: string): Row {
    return { label, value };
}

/** Groups of three digits: the same in every locale, so that pictures and tests agree. */
function count(value: number): string {
    return String(value).replace(/\B(?=(\d{3})+$)/g, " ");
}

function share(part: number, whole: number): string {
    return whole > 0 ? `${((100 * part) / whole).toFixed(0)} %` : "none yet";
}

function megabytes(bytes: number): string {
    return `${(bytes / 2 ** 20).toFixed(1)} MB`;
}

function milliseconds(...values: number[]): string {
    return `${values.map((value) => value.toFixed(2)).join(" / ")} ms`;
}
