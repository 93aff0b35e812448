import type { CDPSession } from "playwright-core";

interface SampleNode {
    readonly callFrame: { readonly functionName: string };
    readonly selfSize: number;
    readonly children: readonly SampleNode[];
}

/** Bytes between two samples: garbage of a chunk is kilobytes, and a flight has hundreds of chunks. */
const SAMPLING_INTERVAL = 512;

/**
 * Where a chunk's passage happens, by the functions' names in the page's bundle, which is not minified: the request, foreseen or
 * not; sending; the answer; upload, merging, and the way back to the cache.
 */
const PASSAGE = [
    ...["advance", "takePredicted", "pump", "_takeBatch"],
    ...["_onEvent", "_settle", "_deliver"],
    ...["_applyNext", "_upload", "upload", "show", "hide", "_merge", "_dissolve", "_giveSlot"],
    ...["_fetch", "drop", "_giveToCache"],
];
/** What counts frames, whoever sets it off. */
const FRAMES = ["_countFrame", "_logHitch"];

/** Bytes that the page allocates while `run` runs, in a chunk's passage; what is collected meanwhile counts as well. */
export async function passageBytesAsync(devTools: CDPSession, run: () => Promise<void>): Promise<number> {
    await devTools.send("HeapProfiler.enable");
    await devTools.send("HeapProfiler.startSampling", {
        samplingInterval: SAMPLING_INTERVAL,
        includeObjectsCollectedByMajorGC: true,
        includeObjectsCollectedByMinorGC: true,
    });
    await run();
    const { profile } = await devTools.send("HeapProfiler.stopSampling");
    const seen = new Set<string>();
    const bytes = bytesOf(profile.head as SampleNode, [], seen);
    const missing = ["_takeBatch", "_deliver", "_upload", "_giveToCache"].filter((name) => !seen.has(name));
    if (missing.length > 0) {
        throw new Error(`no garbage of ${missing.join(", ")}: the functions that a chunk passes have other names now`);
    }
    return bytes;
}

function bytesOf(node: SampleNode, callers: readonly string[], seen: Set<string>): number {
    const { functionName } = node.callFrame;
    const stack = [...callers, functionName];
    seen.add(functionName);
    // What runs in no frame is a message from a worker: reading it, too, is the passage's.
    const isMessage = !stack.includes("render") && !stack.includes("frameAsync") && !stack.includes("flyOnAsync");
    const isPassage =
        (isMessage || stack.some((name) => PASSAGE.includes(name))) && !stack.some((name) => FRAMES.includes(name));
    const own = isPassage ? node.selfSize : 0;
    return node.children.reduce((sum, child) => sum + bytesOf(child, stack, seen), own);
}
