import type { CDPSession } from "playwright-core";

interface SampleNode {
    readonly callFrame: { readonly functionName: string };
    readonly selfSize: number;
    readonly children: readonly SampleNode[];
}

/** Bytes between two samples: garbage of a chunk is kilobytes, and a flight has hundreds of chunks. */
const SAMPLING_INTERVAL = 512;

/**
 * The parts of a chunk's passage, by the functions' names in the page's bundle, which is not minified. To bake: the request,
 * prefetched or not, sending, and the answer. To show: from the cache or the bake to the upload, merging, and back to the cache.
 */
const BAKE = ["_request", "visitMissing", "pump", "_takeBatch", "_onEvent", "_settle", "_deliver"];
const SHOW = [
    ...["applyNext", "_upload", "upload", "show", "hide", "_merge", "_split", "give"],
    ...["_takeFromCache", "hold", "_dropUnneeded", "giveBack"],
    // Exchanges that fade.
    ...["updateFades", "apply", "endFade", "begin"],
];
/** What counts frames, whoever sets it off. */
const FRAMES = ["_countFrame", "_logHitch"];

export interface PassageBytes {
    bake: number;
    show: number;
}

/** Bytes that the page allocates while `run` runs, in chunks' passages; what is collected meanwhile counts as well. */
export async function samplePassageAsync(devTools: CDPSession, run: () => Promise<void>): Promise<PassageBytes> {
    await devTools.send("HeapProfiler.enable");
    await devTools.send("HeapProfiler.startSampling", {
        samplingInterval: SAMPLING_INTERVAL,
        includeObjectsCollectedByMajorGC: true,
        includeObjectsCollectedByMinorGC: true,
    });
    await run();
    const { profile } = await devTools.send("HeapProfiler.stopSampling");
    const bytes: PassageBytes = { bake: 0, show: 0 };
    add(profile.head as SampleNode, [], bytes);
    return bytes;
}

function add(node: SampleNode, callers: readonly string[], bytes: PassageBytes): void {
    const stack = [...callers, node.callFrame.functionName];
    if (!stack.some((name) => FRAMES.includes(name))) {
        // The innermost that is named decides: a bake's answer that is shown at once is both.
        const part = stack.findLast((name) => BAKE.includes(name) || SHOW.includes(name));
        // What runs in no frame is a message from a worker, as the browser makes objects of it.
        const isMessage = !["render", "frameAsync", "flyOnAsync"].some((name) => stack.includes(name));
        if (part !== undefined || isMessage) {
            bytes[part !== undefined && SHOW.includes(part) ? "show" : "bake"] += node.selfSize;
        }
    }
    for (const child of node.children) {
        add(child, stack, bytes);
    }
}
