import { TargetCamera } from "@babylonjs/core/Cameras/targetCamera.js";
import { Engine } from "@babylonjs/core/Engines/engine.js";
import type { Material } from "@babylonjs/core/Materials/material.js";
import { Vector3 } from "@babylonjs/core/Maths/math.vector.js";
import { Scene } from "@babylonjs/core/scene.js";
import { CreateTerrainEnvironmentAsync, type TerrainEnvironment } from "../../src/environment/index.js";
import type { TerraneInspector } from "../../src/inspector/index.js";
import {
    CreateTerrainWorldAsync,
    TerrainMaterialPlugin,
    type Recipe,
    type TerrainMaterialOptions,
    type TerrainWorld,
    type TerrainWorldOptions,
} from "../../src/index.js";
import { FlyControls } from "./flyControls.js";
import type { Ground } from "./ground.js";
import { Hud, viewOf } from "./hud.js";
import { LoadingIndicator } from "./loadingIndicator.js";
import { linkTo, readQueryOptions, type QueryOptions, type View } from "./queryOptions.js";
import { addStyles } from "./styles.js";

export interface Sample {
    readonly title: string;
    /** Makes the world that runs. Default: that of the bake which `stores` names; seeds mean nothing then */
    createRecipe?(seed: number | string): Recipe;
    /** Makes what draws it. Default: Terrane's own look */
    createMaterial?(scene: Scene, recipe: Recipe, look: TerrainMaterialOptions): Material;
    /** Where chunks come from, beside what bakes them. Default: everything is baked */
    readonly stores?: Pick<TerrainWorldOptions, "bakedUrl" | "store" | "bakes" | "storeBakes">;
    /** Metres. Default: 10,000 */
    readonly viewDistance?: number;
    /** Finds where to look from where the address says nothing. */
    findView(ground: Ground, seaLevel: number): View;
    /** Adds what only this sample shows, and returns what is called once a frame. Not called where nothing lies over the picture. */
    addPanel?(world: TerrainWorld, camera: TargetCamera): (nowMs: number) => void;
}

/** The parts of a sample, for the console and for scripts. */
export interface SampleParts {
    readonly engine: Engine;
    readonly scene: Scene;
    readonly camera: TargetCamera;
    readonly world: TerrainWorld;
    readonly environment: TerrainEnvironment;
    /** The inspector, where the address asks for it, once it is open. */
    inspector?: TerraneInspector;
}

declare global {
    interface Window {
        terrane?: SampleParts;
    }
}

const RADIANS = Math.PI / 180;
/** Metres: the height of a sea that is nowhere. */
const NO_SEA = -1e5;
/** Metres. */
const DEFAULT_VIEW_DISTANCE = 10_000;
const FARTHEST = 45_000;
/** Seconds that clouds and waves have moved at the start, and in a still picture. */
const STILL_SECONDS = 40;
/** Seconds: a longer frame moves the camera no farther than one of this. */
const LONGEST_STEP = 0.1;
const MOST_PIXEL_RATIO = 1.5;

/** Runs a sample in this page, and says on the page what goes wrong. */
export async function openSampleAsync(sample: Sample): Promise<void> {
    addStyles();
    document.title = `${sample.title} · Terrane`;
    const query = readQueryOptions(location.search);
    const loading = new LoadingIndicator(sample.title, query.hud);
    // A frame that throws before anything is to be seen would else leave the page waiting for ever.
    const onError = ({ error }: ErrorEvent): void => loading.fail(error);
    window.addEventListener("error", onError);
    try {
        await runAsync(sample, query, loading);
    } catch (error) {
        loading.fail(error);
        throw error;
    } finally {
        window.removeEventListener("error", onError);
    }
}

async function runAsync(sample: Sample, query: QueryOptions, loading: LoadingIndicator): Promise<void> {
    const canvas = document.getElementById("view") as HTMLCanvasElement;
    const engine = createEngine(canvas, query);
    const scene = new Scene(engine);
    const camera = new TargetCamera("camera", Vector3.Zero(), scene);
    camera.fov = 60 * RADIANS;
    camera.maxZ = FARTHEST;

    const { viewDistance = DEFAULT_VIEW_DISTANCE } = sample;
    const { workers, quality } = query;
    const recipe = sample.createRecipe?.(query.seed);
    const look = { ...(workers !== undefined && { workers }), ...(quality !== undefined && { quality }) };
    const world = await CreateTerrainWorldAsync("world", scene, {
        ...sample.stores,
        recipe,
        ...(recipe !== undefined && { material: sample.createMaterial?.(scene, recipe, look) }),
        workers,
        quality,
        viewDistance,
    });
    const environment = await CreateTerrainEnvironmentAsync(scene, world, {
        timeOfDay: query.time,
        animates: !query.still,
    });
    environment.seconds = STILL_SECONDS;
    window.terrane = { engine, scene, camera, world, environment };
    const { water } = world.recipe;
    const seaLevel = water.enabled ? water.level : null;
    lookFrom(camera, query.view ?? sample.findView(world, seaLevel ?? NO_SEA));

    const controls = new FlyControls(camera, canvas, world, seaLevel ?? NO_SEA);
    const seed = sample.createRecipe === undefined ? null : query.seed;
    const hud = query.hud ? new Hud({ title: sample.title, seed, engine, camera, world, controls }) : null;
    const updatePanel = query.hud ? sample.addPanel?.(world, camera) : undefined;

    // Before Babylon and the world read the camera.
    scene.onBeforeAnimationsObservable.add(() => {
        const step = Math.min(LONGEST_STEP, engine.getDeltaTime() / 1000);
        if (!query.still) {
            controls.update(step);
        }
        // Controls rest in a still picture, and its eyes have had time to get used to the dark.
        const depth = query.still ? depthOf(world, camera) : controls.depth;
        environment.lamp += (lampFor(depth) - environment.lamp) * (query.still ? 1 : Math.min(1, step * 3));
        camera.minZ = nearPlaneFor(world, camera, depth);
        const nowMs = performance.now();
        hud?.update(nowMs);
        updatePanel?.(nowMs);
        loading.update(world, nowMs);
    });
    // The loading page hides the picture, of which a processor that renders would draw every pixel, with few threads left to bake.
    engine.enableScissor(0, 0, 1, 1);
    const render = (): void => scene.render();
    engine.runRenderLoop(render);
    window.addEventListener("resize", () => {
        engine.resize();
        if (query.still) {
            scene.render();
        }
    });

    if (__WITH_INSPECTOR__) {
        const { ShowTerraneInspectorAsync } = await import("../../src/inspector/index.js");
        window.terrane.inspector = await ShowTerraneInspectorAsync(scene, world, {
            createLink: () => linkTo(seed, viewOf(camera)),
            // What is baked has no other seeds.
            ...(seed !== null && { onRegenerate: (another) => location.assign(linkTo(another, null)) }),
        });
    }
    await world.whenReadyAsync();
    // Shaders compile beside the page; until theirs is there, meshes are not drawn.
    await untilAsync(scene, () => environment.isReady && isLookComplete(world) && scene.isReady());
    engine.disableScissor();
    // Readiness is told after a frame; shadows that came with it are drawn in the next.
    await untilAsync(scene, () => true);
    loading.finish(query.still);
    if (query.still) {
        engine.stopRenderLoop(render);
    }
    document.documentElement.dataset.ready = "1";
}

/** Returns whether the ground's textures are drawn; they are the last to come on a first visit. */
function isLookComplete({ material }: TerrainWorld): boolean {
    return TerrainMaterialPlugin.Of(material)?.isComplete ?? true;
}

function createEngine(canvas: HTMLCanvasElement, query: QueryOptions): Engine {
    if (!Engine.IsSupported) {
        throw new Error(
            "This page needs WebGL 2, which this browser does not offer.\nAnother browser may, or its settings.",
        );
    }
    const engine = new Engine(canvas, true, {
        // Far from the origin the ground stays as steady as near it.
        useLargeWorldRendering: true,
        powerPreference: "high-performance",
        preserveDrawingBuffer: query.still,
        stencil: false,
        audioEngine: false,
    });
    engine.setHardwareScalingLevel(1 / Math.min(MOST_PIXEL_RATIO, Math.max(1, devicePixelRatio)));
    return engine;
}

function lookFrom(camera: TargetCamera, { x, y, z, yaw, pitch }: View): void {
    camera.position.set(x, y, z);
    camera.rotation.set(-pitch * RADIANS, yaw * RADIANS, 0);
}

/** Returns the metres below the ground's surface; 0 above it. */
function depthOf(world: TerrainWorld, { position }: TargetCamera): number {
    return Math.max(0, world.sampleHeight(position.x, position.z) - position.y);
}

function lampFor(depth: number): number {
    return Math.min(1, Math.max(0, (depth - 1) / 4));
}

/**
 * Returns the near plane in metres: as far as nothing can be nearer, since depths far off are as coarse as this is
 * small.
 */
function nearPlaneFor(world: TerrainWorld, { position }: TargetCamera, depth: number): number {
    const height = world.sampleHeight(position.x, position.z);
    return depth > 0 ? 0.3 : Math.min(6, Math.max(0.3, (position.y - height) * 0.12));
}

/** Resolves after the first frame for which `isDone`. */
function untilAsync(scene: Scene, isDone: () => boolean): Promise<void> {
    return new Promise((resolve) => {
        const observer = scene.onAfterRenderObservable.add(() => {
            if (isDone()) {
                observer.remove();
                resolve();
            }
        });
    });
}
