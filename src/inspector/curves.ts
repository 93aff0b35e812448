import "@babylonjs/core/Misc/PerformanceViewer/performanceViewerSceneExtension.js";
import type { PerformanceViewerCollector } from "@babylonjs/core/Misc/PerformanceViewer/performanceViewerCollector.js";
import type { Scene } from "@babylonjs/core/scene.js";
import type { InspectedWorld } from "./inspectedWorld.js";

/** Name of the curve of Terrane's milliseconds on the main thread in the last frame. */
export const TERRANE_MS_CURVE = "Terrane ms";
/** Name of the curve of chunks shown. */
export const TERRANE_CHUNKS_CURVE = "Terrane chunks";

interface CurveSource {
    world: InspectedWorld | null;
}

/**
 * What the curves of a collector read. A collector cannot give a curve back and takes no second one of the same name:
 * so the source is kept by collector and only pointed at a world while an inspector is open.
 */
const sources = new WeakMap<PerformanceViewerCollector, CurveSource>();

/**
 * Adds Terrane's curves to the scene's performance viewer and keeps them there: opening the inspector's statistics
 * clears the collector, with all custom curves. After `dispose` they read 0, nothing is observed and the world is let
 * go.
 */
export function addCurves(scene: Scene, world: InspectedWorld): { dispose(): void } {
    const collector = scene.getPerfCollector();
    const source = sources.get(collector) ?? { world: null };
    sources.set(collector, source);
    source.world = world;

    const readMs = () => source.world?.profiler.lastFrameUpdateMs ?? 0;
    const readChunks = () => source.world?.getStats().visibleChunks ?? 0;
    const addMissing = () => {
        // A recording loaded from a file shows its own curves.
        if (source.world !== world || collector.hasLoadedData) {
            return;
        }
        for (const [id, getData] of [
            [TERRANE_MS_CURVE, readMs],
            [TERRANE_CHUNKS_CURVE, readChunks],
        ] as const) {
            if (!collector.datasets.ids.includes(id)) {
                collector.addCollectionStrategies(curve(id, getData));
            }
        }
    };
    addMissing();
    // Told whenever curves come: after a clear, when the defaults are put back. Only later is it known whether they came
    // from a file, and nothing may be added while the collector is at it.
    const observer = collector.metadataObservable.add(() => queueMicrotask(addMissing));
    return {
        dispose: () => {
            collector.metadataObservable.remove(observer);
            if (source.world === world) {
                source.world = null;
            }
        },
    };
}

function curve(id: string, getData: () => number) {
    return { category: "Terrane", strategyCallback: () => ({ id, getData, dispose() {} }) };
}
