import { isVector } from "../base/assertPlace.js";
import {
    choiceField,
    flagField,
    integerField,
    numberField,
    objectField,
    sectionField,
    urlField,
    type Field,
    type FieldTable,
} from "../base/fieldTable.js";
import { STORE_OPTIONS } from "./storeOptions.js";

/** How the inspector lets a number be tried: a range worth trying, which is narrower than what is allowed. */
export interface OptionControl {
    readonly label: string;
    /** Section of the pane. */
    readonly section: "streaming" | "memory" | "frames";
    readonly minimum: number;
    readonly maximum: number;
    readonly step: number;
    /** The control's own unit, and how much of the option's that is. */
    readonly unit?: string;
    readonly scale?: number;
}

/** An option of a world. */
export interface WorldOption extends Field {
    /** Whether the world has an accessor of this name, by which it may change while it runs. */
    readonly canChange?: boolean;
    /** Whether it is about a scene: worlds without an engine do not take it. */
    readonly needsScene?: boolean;
    readonly control?: OptionControl;
}

/** Options by name. */
export type WorldOptionTable = Readonly<Record<string, WorldOption>>;

const MIB = 2 ** 20;

/** What a viewer may have; and, since any object with a position is one, whatever else it is. */
export const VIEWER_FIELDS = {
    position: {
        type: "vector",
        unit: "m",
        meaning: "where it is in the world",
        isRequired: true,
        allowed: "an object with finite numbers x, y and z",
        remedy: "A Vector3 will do.",
        accepts: isVector,
    },
    forward: {
        type: "vector",
        meaning: "unit vector that says where it looks: what lies ahead comes first",
        defaultText: "all directions are equal",
        allowed: "an object with finite numbers x, y and z",
        remedy: "Leave it out for a viewer to whom all directions are equal.",
        accepts: isVector,
    },
    radius: {
        type: "number",
        unit: "m",
        meaning: "how far it needs ground",
        defaultText: "the world's view distance",
        allowed: "metres above 0, at most 1000000",
        remedy: "Leave it out for the world's view distance.",
        accepts: (value) => typeof value === "number" && value > 0 && value <= 1_000_000,
    },
    weight: {
        type: "number",
        meaning: "how much its ground matters beside that of other viewers, above 0",
        default: 1,
        allowed: "a number above 0",
        remedy: "Leave it out for 1.",
        accepts: (value) => typeof value === "number" && value > 0 && Number.isFinite(value),
    },
    picture: {
        type: "picture",
        meaning: "how its picture shows the world, which cameras have",
        defaultText: "as the picture of the scene's camera",
        allowed: "a picture",
        accepts: () => true,
    },
} satisfies FieldTable;

export const VIEWER = sectionField({
    type: "viewer",
    meaning: "something that needs ground around it",
    allowed: "an object with a position",
    isRequired: true,
    isOpen: true,
    remedy: "Pass { position }.",
    fields: VIEWER_FIELDS,
});

/**
 * Every option of `CreateTerrainWorldAsync`: what is checked, documented, listed in the manifest and shown in the inspector
 * is made from here. The defaults are good on a laptop and on a phone:
 *
 * - 10 km is where haze ends most views, and each doubling adds about as many chunks as the one before.
 * - 3 pixels are hard to see on ground and cost less than half of what 2 do.
 * - 256 MiB leave the game its share of a phone's browser, which ends pages from about 1 GiB on.
 * - 2 ms are an eighth of a frame at 60 Hz; 1 MiB is about 20 chunks, which a phone's bus takes within that time.
 * - 0.4 seconds are 24 frames at 60 Hz: over 12, a block of 8 x 8 pixels changes by twice as much from frame to frame.
 * - 4 seconds are as long as a chunk takes to come on a slow machine with a full queue.
 */
export const WORLD_OPTIONS = {
    recipe: {
        type: "recipe",
        meaning: "what the world is: from `Presets`, from JSON, or your own",
        notes: "Checked and completed by `parseRecipe`. Beside `bakedUrl` it must be that of the bake.",
        defaultText: "that of the bake at `bakedUrl`",
        allowed: "a recipe",
        remedy: "Pass Presets.endless() or a recipe of your own.",
        accepts: (value) => typeof value === "object" && value !== null,
    },
    viewDistance: numberField({
        unit: "m",
        minimum: 50,
        maximum: 1_000_000,
        default: 10_000,
        canChange: true,
        meaning: "how far terrain is shown",
        control: { label: "View distance", section: "streaming", minimum: 500, maximum: 40_000, step: 500 },
    }),
    screenSpaceError: numberField({
        unit: "px",
        minimum: 0.25,
        maximum: 64,
        default: 3,
        canChange: true,
        meaning: "how far what is drawn may lie from the finest level",
        notes: "Lower is finer.",
        control: { label: "Screen-space error", section: "streaming", minimum: 0.5, maximum: 16, step: 0.25 },
    }),
    memoryLimitBytes: numberField({
        unit: "B",
        minimum: 16 * MIB,
        maximum: 2 ** 40,
        default: 256 * MIB,
        canChange: true,
        meaning: "what pools, caches and GPU copies may take together",
        control: {
            label: "Memory limit",
            section: "memory",
            minimum: 16,
            maximum: 1024,
            step: 16,
            unit: "MB",
            scale: MIB,
        },
    }),
    applyBudgetMs: numberField({
        unit: "ms",
        minimum: 0.01,
        maximum: 100,
        default: 2,
        canChange: true,
        meaning: "time a frame for bringing chunks to the GPU",
        control: { label: "Apply budget", section: "frames", minimum: 0.1, maximum: 16, step: 0.1 },
    }),
    applyBudgetBytes: numberField({
        unit: "B",
        minimum: 64 * 1024,
        maximum: 1024 * MIB,
        default: MIB,
        canChange: true,
        meaning: "what may be brought to the GPU in a frame",
        notes: "One chunk always may.",
        control: {
            label: "Apply bytes",
            section: "frames",
            minimum: 64,
            maximum: 8192,
            step: 64,
            unit: "KB",
            scale: 1024,
        },
    }),
    prefetchTime: numberField({
        unit: "s",
        minimum: 0,
        maximum: 30,
        default: 4,
        canChange: true,
        meaning: "how far ahead viewers' motion is followed",
        notes: "Chunks that they will need are baked before they come; 0 prefetches nothing.",
        control: { label: "Prefetch time", section: "streaming", minimum: 0, maximum: 30, step: 1 },
    }),
    levelFadeTime: numberField({
        unit: "s",
        minimum: 0,
        maximum: 10,
        default: 0.4,
        canChange: true,
        meaning: "how long chunks take to fade into finer or coarser ones",
        notes: "Those with caves take three times as long. 0 switches at once, as do materials other than Standard and PBR ones.",
        control: { label: "Level fade time", section: "frames", minimum: 0, maximum: 2, step: 0.05 },
    }),
    workers: integerField({
        minimum: 0,
        maximum: 64,
        defaultText: "by the device's cores",
        meaning: "threads that bake",
        notes: "0 bakes on the calling thread, for places that forbid workers.",
        remedy: "Use 0 to bake without workers.",
    }),
    workerUrl: urlField({
        defaultText: "beside the library",
        meaning: "address of `terrane.worker.js`",
        notes:
            "Must be of the page's origin. Workers that start later, with the server out of reach, get a copy from a " +
            "`blob:`, where `worker-src` allows that.",
        remedy: "Leave it out for the file beside the library.",
    }),
    wasmUrl: urlField({
        defaultText: "beside the library",
        meaning: "address of `terrane.wasm`",
        remedy: "Leave it out for the file beside the library.",
    }),
    loadTimeoutMs: numberField({
        unit: "ms",
        minimum: 1,
        maximum: 600_000,
        default: 30_000,
        meaning: "how long `terrane.wasm`, and then the workers, may take to load before creation fails",
    }),
    material: {
        type: "material",
        defaultText: "`createTerrainMaterial`'s, disposed with the world",
        canChange: true,
        needsScene: true,
        meaning: "draws the chunks: any Babylon material, which stays yours to dispose",
        allowed: "a Babylon material",
        remedy: "Leave it out for Terrane's own.",
        accepts: (value) => value === null || typeof (value as { getEffect?: unknown }).getEffect === "function",
    },
    quality: choiceField({
        choices: ["low", "medium", "high"],
        defaultText: "by the device",
        canChange: true,
        needsScene: true,
        meaning: "how much Terrane's look of the ground may cost",
        notes: "`docs/materials.md` has what each level leaves out. Materials of your own have no levels.",
    }),
    viewers: {
        type: "viewers",
        default: [],
        defaultText: "none",
        meaning: "positions that need ground around them, beside the active camera",
        allowed: "an array of viewers",
        remedy: "Pass [{ position }].",
        items: VIEWER,
        accepts: Array.isArray,
    },
    followActiveCamera: flagField({
        default: true,
        needsScene: true,
        meaning: "whether the scene's active camera is a viewer",
    }),
    mergeSiblings: flagField({
        default: true,
        needsScene: true,
        meaning: "whether neighbouring chunks that stay are drawn by one call",
        notes: "Off, each mesh draws one chunk.",
    }),
    skirts: flagField({
        default: true,
        needsScene: true,
        meaning: "whether chunks' borders have skirts, which close the gaps between levels",
        notes: "Off, gaps are seen: for translucent materials and views from below (`docs/materials.md`).",
    }),
    receiveShadows: flagField({
        default: true,
        canChange: true,
        needsScene: true,
        meaning: "whether chunks receive shadows",
        notes: "Costs nothing while no light casts any.",
    }),
    blocksSceneReady: flagField({
        default: false,
        needsScene: true,
        meaning: "whether `scene.isReady()` and `scene.whenReadyAsync()` wait for the world",
    }),
    profiler: objectField({
        type: "profiler",
        methods: ["recordFrameMetrics"],
        defaultText: "one of the world's own",
        meaning: "measures the world",
        notes: "Share one to see several worlds in one report.",
        allowed: "a PerformanceProfiler",
        remedy: "Leave it out for one of the world's own.",
    }),
    ...STORE_OPTIONS,
    executor: objectField({
        type: "executor",
        methods: ["runBatchAsync"],
        defaultText: "workers, or the inline executor",
        meaning: "bakes in place of workers or the inline executor",
        notes: "Belongs to the world, which disposes it.",
        allowed: "a BakeExecutor",
        remedy: "Leave it out for workers.",
    }),
} satisfies WorldOptionTable;

/** Names that options had. */
export const RENAMED_OPTIONS: Readonly<Record<string, string>> = { predictionTime: "prefetchTime" };
