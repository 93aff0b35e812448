import { severityOf, type Severity } from "../profiler/bottlenecks.js";
import type { Hitch } from "../profiler/hitches.js";
import type { Recommendation } from "../profiler/rules/rule.js";
import type { StoreStats } from "../profiler/storeStats.js";
import { SETTING_KEYS, type WorldSettings } from "../options/worldSettings.js";
import type { InspectedWorld, TerrainWorldStats } from "./inspectedWorld.js";

/** A line of the pane: a name and a value as text. */
export interface Row {
    readonly label: string;
    readonly value: string;
    readonly description?: string;
}

/** A part of a whole that is drawn as a bar. */
export interface Part {
    readonly label: string;
    readonly share: number;
    readonly value: string;
    readonly color: string;
}

/** A stage of bakes, or a step of frames, beside its target. */
export interface Stage {
    readonly label: string;
    readonly value: string;
    /** Share of the target; 0 where it has none. */
    readonly share: number;
    readonly severity: Severity | "good" | "none";
}

/** A recommendation, with the setting to change where the world lets it be changed while it runs. */
export interface Advice {
    readonly title: string;
    readonly message: string;
    readonly severity: Recommendation["severity"];
    readonly setting: keyof WorldSettings | null;
    readonly value: number;
    readonly valueText: string;
}

/** Operations of a bake, the whole first, then its stages in the order in which they run; then the steps of a frame. */
const STAGES = [
    ["bakeTerrain", "Chunk"],
    ["bakeNoise", "Noise"],
    ["bakeHeightfield", "Heights"],
    ["bakeCaves", "Caves"],
    ["bakeFusion", "Fusion"],
    ["bakeTangents", "Tangents"],
    ["serializeBuffer", "Packing"],
    ["hashBuffer", "Hash"],
] as const;
const STEPS = [
    ["updateWorld", "Terrane"],
    ["selectLevels", "Levels"],
    ["updateStreaming", "Streaming"],
    ["uploadChunk", "Upload"],
    ["loadBuffer", "From the cache"],
    ["drawTerrain", "Draw terrain"],
    ["drawFrame", "Draw"],
] as const;

/** Milliseconds over which workers' utilisation is shown. */
const UTILISATION_WINDOW_MS = 3000;
/** Number of a hitch's operations that are listed. */
const SHOWN_SHARES = 8;

export function worldRows(world: InspectedWorld): Row[] {
    const { recipe } = world;
    return [
        row("Name", world.name),
        row("Seed", String(recipe.seed)),
        row("Recipe", recipe.id),
        row("Topology", recipe.topology),
        row("Chunk", `${recipe.chunkSize} m, ${recipe.terrain.resolution} cells`),
        row("Generator version", String(world.generatorVersion)),
    ];
}

export function streamingRows(stats: TerrainWorldStats): Row[] {
    return [
        row("Chunks shown", count(stats.visibleChunks)),
        row("Levels that fade", count(stats.fadingExchanges), "Chunks that give way to finer or coarser ones."),
        row("Draw calls", `${count(stats.drawCalls)} for ${count(stats.chunksInView)} chunks in view`),
        row("Triangles", count(stats.triangles)),
        row("Queue", count(stats.pendingRequests)),
        row("Queue by band", stats.pendingByBand.map(count).join(" / "), "Immediate, high, normal and low."),
        row("In flight", `${count(stats.bakingChunks)}, workers: ${count(stats.workers)}`),
        row("Waiting for the budget", count(stats.waitingForUpload)),
        row("Baked", count(stats.bakedChunks)),
        row("Cancelled", count(stats.cancelledRequests)),
        row("Failed", count(stats.failedChunks)),
        row("Request to picture", milliseconds(stats.chunkLatencyMs)),
        row("Cache hits", share(stats.cacheHits, stats.cacheHits + stats.cacheMisses)),
        row("Pool hits", `${(100 * stats.poolHitRate).toFixed(1)} %`),
        row("Prefetched", share(stats.shownPrefetched, stats.shownChunks)),
        row("Effective error", `${stats.effectiveScreenSpaceError.toFixed(2)} px`),
        ...stats.stores.map(storeRow),
    ];
}

function storeRow({ name, hits, misses, damaged, failed, ...stats }: StoreStats, place: number): Row {
    const counts = [hits, misses, damaged, failed].map(count).join(" / ");
    const latency = hits > 0 ? milliseconds(stats.latencyMsP50, stats.latencyMsP95) : "none yet";
    return row(
        `Store ${place + 1}, ${name}`,
        `${counts}, ${megabytes(stats.bytesRead)}, ${latency}`,
        "Hits, misses, damaged and failed; bytes read; p50 and p95 from request to bytes.",
    );
}

/** Returns where a chunk's time goes from its request to its picture. */
export function latencyParts(stats: TerrainWorldStats): Part[] {
    const { queuedMs, bakingMs, returningMs, waitingMs, uploadMs } = stats;
    const whole = Math.max(1e-9, queuedMs + bakingMs + returningMs + waitingMs + uploadMs);
    const part = (label: string, ms: number, color: string): Part => {
        return { label, share: ms / whole, value: milliseconds(ms), color };
    };
    return [
        part("Queue", queuedMs, "#e0457b"),
        part("Bake", bakingMs, "#ffb000"),
        part("Coming back", returningMs, "#8a63e0"),
        part("Budget", waitingMs, "#8fdc4a"),
        part("Upload", uploadMs, "#2fb5d6"),
    ];
}

export function memoryRows(stats: TerrainWorldStats): Row[] {
    return [
        row("Used", `${megabytes(stats.usedBytes)}, ${share(stats.usedBytes, stats.memoryLimitBytes)} of the limit`),
        row("Limit", megabytes(stats.memoryLimitBytes)),
        row("Peak", megabytes(stats.peakBytes)),
        row("Times short", count(stats.pressureEvents)),
        row("Cached", `${megabytes(stats.cachedBytes)} in ${count(stats.cachedChunks)} chunks`),
        row("GPU buffers made", count(stats.gpuBuffersCreated)),
    ];
}

/** Returns the size of JavaScript's heap and how it grows; nothing where it is not read. */
export function heapRows({ profiler }: InspectedWorld): Row[] {
    const { heapBytes, heapGrowthBytesPerFrame, heapCollections } = profiler.getFrameStats().allocations;
    if (!profiler.tracksHeap) {
        return [];
    }
    if (heapBytes === 0) {
        return [row("JavaScript heap", "this browser does not tell it")];
    }
    return [
        row("JavaScript heap", megabytes(heapBytes)),
        row("Growth a frame", `${(heapGrowthBytesPerFrame / 1024).toFixed(1)} KB`),
        row("Collections", `${count(heapCollections)} in the latest frames`),
    ];
}

/** Returns who holds how much of the memory limit. */
export function memoryParts(stats: TerrainWorldStats): Part[] {
    const part = (label: string, bytes: number, color: string): Part => {
        return { label, share: bytes / stats.memoryLimitBytes, value: megabytes(bytes), color };
    };
    return [
        part("GPU, drawn", stats.gpuBytes - stats.idleGpuBytes, "#2fb5d6"),
        part("GPU, idle", stats.idleGpuBytes, "#1f6f87"),
        part("Textures", stats.textureBytes, "#4f9e6a"),
        part("Environment", stats.environmentBytes, "#c7c3b2"),
        part("Chunks, drawn", stats.heldBytes, "#8fdc4a"),
        part("Cache", stats.cachedBytes, "#ffd93b"),
        part("At workers", stats.transitBytes, "#ff9d3c"),
        part("Pool, idle", stats.idleBytes, "#9a7b3f"),
        part("Kernels", stats.kernelBytes, "#8a63e0"),
        part("Fields, scratch", stats.workingBytes, "#d06a8f"),
    ];
}

/** Returns bakes as a whole and their stages, those that have run. */
export function bakeStages(world: InspectedWorld): Stage[] {
    return stagesOf(world, STAGES);
}

/** Returns Terrane's steps of a frame and drawing, those that have run. */
export function frameSteps(world: InspectedWorld): Stage[] {
    return stagesOf(world, STEPS);
}

/** Returns how busy the threads are that bake. */
export function threadParts({ profiler }: InspectedWorld, workers: number): Part[] {
    const busy = profiler.getUtilisation("bakeTerrain", UTILISATION_WINDOW_MS);
    const threads = Math.max(busy.length, workers + 1);
    const parts: Part[] = [];
    for (let thread = busy[0] === undefined || busy[0] === 0 ? 1 : 0; thread < threads; thread++) {
        const value = busy[thread] ?? 0;
        const label = thread === 0 ? "This page" : `Worker ${thread}`;
        parts.push({ label, share: value, value: share(value, 1), color: "#35c28b" });
    }
    return parts;
}

export function frameRows({ profiler }: InspectedWorld): Row[] {
    const frames = profiler.getFrameStats();
    return [
        row("Frames a second", frames.frames === 0 ? "none yet" : `${frames.fps.toFixed(1)} (${frames.tier})`),
        row("p50 / p95 / p99", milliseconds(frames.p50Ms, frames.p95Ms, frames.p99Ms)),
        row("Longest", milliseconds(frames.longestMs)),
        row("Over budget", share(frames.framesOverBudget, Math.min(frames.frames, 256))),
        row("Smoothness", frames.smoothness.toFixed(2)),
        row("Terrane mean / p95", milliseconds(frames.updateMeanMs, frames.updateP95Ms)),
        row("Hitches", count(frames.hitches)),
    ];
}

/** Returns what ran in a hitch, the longest first. */
export function hitchRows({ frame, frameTimeMs, medianMs, updateTimeMs, drawTimeMs, ran }: Hitch): Row[] {
    const shares = ran.slice(0, SHOWN_SHARES).map(({ operation, thread, count: times, totalMs }) => {
        return row(
            `${operation}${thread === "main" ? "" : ", workers"}`,
            `${totalMs.toFixed(2)} ms in ${count(times)}`,
        );
    });
    return [
        row(`Frame ${count(frame)}`, `${frameTimeMs.toFixed(1)} ms, median ${medianMs.toFixed(1)} ms`),
        row("Terrane / draw", milliseconds(updateTimeMs, drawTimeMs)),
        ...(shares.length > 0 ? shares : [row("Terrane", "ran nothing in it: the time went elsewhere")]),
    ];
}

/** Returns what to change, the most pressing first. */
export function readAdvice({ profiler, name }: InspectedWorld): Advice[] {
    return profiler
        .analyze()
        .filter(({ world }) => world === undefined || world === name)
        .map(({ option, saturated, message, severity, to }) => {
            const setting = SETTING_KEYS.find((known) => known === option) ?? null;
            const valueText = option.endsWith("Bytes") ? megabytes(to) : String(Number(to.toPrecision(3)));
            return { title: `${option}: ${saturated}`, message, severity, setting, value: to, valueText };
        });
}

function stagesOf({ profiler }: InspectedWorld, operations: readonly (readonly [string, string])[]): Stage[] {
    const stages: Stage[] = [];
    for (const [operation, label] of operations) {
        const stats = profiler.getOperationStats(operation);
        if (stats === undefined) {
            continue;
        }
        const { meanMs, p95Ms } = stats.recent;
        const target = profiler.targets[operation];
        const isMissed = target !== undefined && p95Ms > target.targetMs;
        const severity = target === undefined ? "none" : isMissed ? severityOf(p95Ms, target) : "good";
        const limit = target === undefined ? "" : `, target ${target.targetMs}`;
        const value = `${meanMs.toFixed(2)} / ${p95Ms.toFixed(2)} ms${limit}`;
        stages.push({ label, value, share: target === undefined ? 0 : p95Ms / target.targetMs, severity });
    }
    return stages;
}

function row(label: string, value: string, description?: string): Row {
    return description === undefined ? { label, value } : { label, value, description };
}

/** Returns a number in groups of three digits: the same in every locale, so that pictures and tests agree. */
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
