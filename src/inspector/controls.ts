import type { ChunkView } from "./chunkView.js";
import type { InspectedWorld, WorldSetting } from "./inspectedWorld.js";

/** On or off. */
export interface SwitchControl {
    readonly kind: "switch";
    readonly label: string;
    readonly description: string;
    read(): boolean;
    write(value: boolean): void;
}

/** A number in a range. */
export interface SliderControl {
    readonly kind: "slider";
    readonly label: string;
    readonly description: string;
    readonly min: number;
    readonly max: number;
    readonly step: number;
    readonly unit: string;
    read(): number;
    write(value: number): void;
}

/** Done when pressed. */
export interface ActionControl {
    readonly kind: "action";
    readonly label: string;
    readonly description: string;
    run(): void;
}

/** Something in the pane that acts at once. */
export type Control = SwitchControl | SliderControl | ActionControl;

/** By the section in which they stand. */
export interface Controls {
    readonly streaming: readonly Control[];
    readonly map: readonly Control[];
    readonly memory: readonly Control[];
    readonly frames: readonly Control[];
}

const MIB = 2 ** 20;
const KIB = 2 ** 10;

/** The controls of a world. Sliders cover what is worth trying; the options themselves allow more. */
export function controlsOf(world: InspectedWorld, view: ChunkView): Controls {
    return {
        streaming: [
            {
                kind: "switch",
                label: "Pause streaming",
                description: "Nothing new is requested, uploaded or shown.",
                read: () => world.isStreamingPaused,
                write: (value) => (world.isStreamingPaused = value),
            },
            {
                kind: "switch",
                label: "Freeze selection",
                description: "Levels stay as they are: fly away and look at them from outside.",
                read: () => world.isSelectionFrozen,
                write: (value) => (world.isSelectionFrozen = value),
            },
            slider(
                world,
                "screenSpaceError",
                0.5,
                16,
                0.25,
                "px",
                "How far what is drawn may lie from the finest level.",
            ),
            slider(world, "viewDistance", 500, 40_000, 500, "m", "How far terrain is shown."),
            slider(world, "prefetchTime", 0, 30, 1, "s", "How far ahead motion is followed; 0 is not at all."),
        ],
        map: [
            {
                kind: "switch",
                label: "Level tint",
                description: "Tints each chunk by its level, as on the map.",
                read: () => view.showsLevels,
                write: (value) => (view.showsLevels = value),
            },
            {
                kind: "switch",
                label: "Chunk borders",
                description: "Draws lines where chunks meet.",
                read: () => view.showsBorders,
                write: (value) => (view.showsBorders = value),
            },
            {
                kind: "switch",
                label: "Wireframe",
                description: "Draws the chunks' edges alone.",
                read: () => world.material?.wireframe ?? false,
                write: (value) => {
                    if (world.material !== null) {
                        world.material.wireframe = value;
                    }
                },
            },
        ],
        memory: [
            slider(world, "memoryLimitBytes", 16, 1024, 16, "MB", "Pools, caches and GPU copies together.", MIB),
            {
                kind: "action",
                label: "Flush cache",
                description: "Throws away chunks that nobody draws, and buffers that rest.",
                run: () => world.flushCache(),
            },
            {
                kind: "switch",
                label: "Watch the heap",
                description:
                    "Looks at JavaScript's heap with each frame, where the browser tells it. Each look is a little garbage.",
                read: () => world.profiler.tracksHeap,
                write: (value) => (world.profiler.tracksHeap = value),
            },
        ],
        frames: [
            slider(world, "applyBudgetMs", 0.1, 16, 0.1, "ms", "Time a frame for bringing chunks to the GPU."),
            slider(world, "applyBudgetBytes", 64, 8192, 64, "KB", "Bytes a frame for bringing chunks to the GPU.", KIB),
        ],
    };
}

const LABELS: Readonly<Record<WorldSetting, string>> = {
    viewDistance: "View distance",
    screenSpaceError: "Screen-space error",
    memoryLimitBytes: "Memory limit",
    applyBudgetMs: "Apply budget",
    applyBudgetBytes: "Apply bytes",
    prefetchTime: "Prefetch time",
};

/** @param scale what the world's own unit is to the slider's */
function slider(
    world: InspectedWorld,
    setting: WorldSetting,
    min: number,
    max: number,
    step: number,
    unit: string,
    description: string,
    scale = 1,
): SliderControl {
    return {
        kind: "slider",
        label: LABELS[setting],
        description,
        min,
        max,
        step,
        unit,
        read: () => world[setting] / scale,
        // A slider's own field lets through what lies outside its range.
        write: (value) => (world[setting] = Math.min(max, Math.max(min, value)) * scale),
    };
}
