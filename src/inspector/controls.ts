import type { ChunkView } from "./chunkView.js";
import {
    WORLD_OPTIONS,
    type OptionControl,
    type WorldOption,
    type WorldOptionTable,
} from "../options/worldOptionTable.js";
import { settingKeysOf } from "../options/worldSettings.js";
import type { InspectedWorld } from "./inspectedWorld.js";

/** A switch. */
export interface SwitchControl {
    readonly kind: "switch";
    readonly label: string;
    readonly description: string;
    read(): boolean;
    write(value: boolean): void;
}

/** A slider: a number in a range. */
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

/** A button. */
export interface ActionControl {
    readonly kind: "action";
    readonly label: string;
    readonly description: string;
    run(): void;
}

/** A control of the pane, which acts at once. */
export type Control = SwitchControl | SliderControl | ActionControl;

/** Controls by the section in which they stand. */
export interface Controls {
    readonly streaming: readonly Control[];
    readonly map: readonly Control[];
    readonly memory: readonly Control[];
    readonly frames: readonly Control[];
}

/** Number of steps of a slider over an option's whole range. */
const WHOLE_STEPS = 100;

/**
 * Returns the controls of a world. Sliders cover what is worth trying; the options themselves allow more.
 *
 * @param options the table that sliders are made from
 */
export function controlsOf(
    world: InspectedWorld,
    view: ChunkView,
    options: WorldOptionTable = WORLD_OPTIONS,
): Controls {
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
            ...sliders(world, options, "streaming"),
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
            ...sliders(world, options, "memory"),
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
        frames: [...sliders(world, options, "frames")],
    };
}

/** Returns the sliders of a section: one for each number that may change while a world runs. */
function sliders(world: InspectedWorld, options: WorldOptionTable, section: OptionControl["section"]): SliderControl[] {
    return settingKeysOf(options)
        .filter((key) => controlOf(options[key]!, key).section === section)
        .map((key) => slider(world as unknown as Record<string, number>, key, options[key]!));
}

/** Returns an option's control: over its whole range where the option does not say. */
function controlOf({ control, minimum = 0, maximum = 1 }: WorldOption, key: string): OptionControl {
    return control ?? { label: key, section: "streaming", minimum, maximum, step: (maximum - minimum) / WHOLE_STEPS };
}

function slider(world: Record<string, number>, key: string, option: WorldOption): SliderControl {
    const { label, minimum: min, maximum: max, step, unit = option.unit ?? "", scale = 1 } = controlOf(option, key);
    const sentence = `${option.meaning.charAt(0).toUpperCase()}${option.meaning.slice(1)}.`;
    return {
        kind: "slider",
        label,
        description: option.notes === undefined ? sentence : `${sentence} ${option.notes}`,
        min,
        max,
        step,
        unit,
        read: () => world[key]! / scale,
        // A slider's own field lets through what lies outside its range.
        write: (value) => (world[key] = Math.min(max, Math.max(min, value)) * scale),
    };
}
