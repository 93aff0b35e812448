import { FreeCamera } from "@babylonjs/core/Cameras/freeCamera.js";
import { Engine } from "@babylonjs/core/Engines/engine.js";
import { DirectionalLight } from "@babylonjs/core/Lights/directionalLight.js";
import { HemisphericLight } from "@babylonjs/core/Lights/hemisphericLight.js";
import { StandardMaterial } from "@babylonjs/core/Materials/standardMaterial.js";
import { Color4 } from "@babylonjs/core/Maths/math.color.js";
import { Vector3 } from "@babylonjs/core/Maths/math.vector.js";
import { Scene } from "@babylonjs/core/scene.js";
import type { View } from "../../samples/common/queryOptions.js";
import { CreateTerrainWorldAsync } from "../../src/babylon/createTerrainWorld.js";
import { TerrainMaterialPlugin } from "../../src/babylon/material/terrainMaterialPlugin.js";
import type { TerrainWorld } from "../../src/babylon/terrainWorld.js";
import { CreateTerrainEnvironmentAsync, type TerrainEnvironment } from "../../src/environment/index.js";
import { PerformanceProfiler } from "../../src/profiler/performanceProfiler.js";
import { Presets } from "../../src/recipe/presets.js";
import { compareBlocks, HEIGHT, WIDTH } from "./blocks.js";
import { findMouthView, findRoughView } from "./places.js";

export interface PassSetup {
    readonly seed: number;
    readonly place: "rough ground" | "a cave's mouth";
    /** Metres: where the viewer begins, to the right of where it is nearest to the camera. It goes on by one in each frame. */
    readonly from: number;
    readonly frames: number;
    /** The samples' look in place of a plain material, which takes a software renderer ten times as long. */
    readonly hasLook: boolean;
    /** Seconds. Default: the world's own. */
    readonly levelFadeTime?: number;
    /** What a block may change by in a frame, as a share of the range. */
    readonly allowed: number;
    /** Frames of which the picture is kept. Default: none. */
    readonly kept?: readonly number[];
}

/** What was seen while a viewer passed a camera that stands still. */
export interface Pass {
    readonly view: View;
    /** Chunks that came while it passed. */
    readonly shown: number;
    /** The most that a block has changed by in a frame, as a share of the range, and in which. */
    readonly worst: number;
    readonly worstFrame: number;
    /** Blocks that changed by more than allowed, all frames taken together. */
    readonly above: number;
    /** The picture before that, and the one after: base64 of four bytes a pixel, the lowest line first. */
    readonly pictures: readonly string[];
    /** The pictures that were to be kept, in the same form. */
    readonly kept: readonly string[];
}

/**
 * Degrees: the camera looks down into a mouth, without the sky. A pixel at the edge of dark ground against sky beside the sun
 * is a hundredth of its block's range by itself, and two in a frame more than may be, however long a fade takes.
 */
const MOUTH_PITCH = -24;
/** Metres: how near to the camera the viewer passes. */
const NEAREST = 8;
const FRAME_MS = 1000 / 60;
const VIEW_DISTANCE = 3000;
/** At which clouds and waves stand. */
const STILL_SECONDS = 40;

interface Stage {
    readonly engine: Engine;
    readonly scene: Scene;
    readonly world: TerrainWorld;
    readonly viewer: { readonly position: Vector3 };
    readonly clock: { ms: number };
    readonly environment: TerrainEnvironment | null;
}

/**
 * Lets a viewer pass a camera that stands still, in frames of a sixtieth of a second on the world's clock. Chunks that are asked
 * for in a frame are there in the next, so that what is drawn depends on neither machine nor load.
 */
export async function passAsync(setup: PassSetup): Promise<Pass> {
    const { seed, place, from, frames, allowed } = setup;
    const stage = await createStageAsync(setup);
    const { engine, scene, world, viewer } = stage;
    const view = place === "rough ground" ? findRoughView(world, seed) : lookDown(findMouthView(world));
    const camera = scene.activeCamera as FreeCamera;
    camera.position.set(view.x, view.y, view.z);
    camera.rotation.set((-view.pitch * Math.PI) / 180, (view.yaw * Math.PI) / 180, 0);

    stand(viewer.position, view, from);
    await readyAsync(stage);
    let shown = 0;
    world.onChunkShownObservable.add(() => shown++);
    let before = await pictureAsync(stage);
    let [worst, worstFrame, above] = [0, 0, 0];
    let pictures: readonly Uint8Array[] = [];
    const kept: string[] = [];
    for (let frame = 1; frame <= frames; frame++) {
        stand(viewer.position, view, from + frame);
        const pixels = await pictureAsync(stage);
        const change = compareBlocks(before, pixels, allowed);
        above += change.above;
        if (change.worst > worst) {
            worst = change.worst;
            worstFrame = frame;
            pictures = [before, pixels];
        }
        if (setup.kept?.includes(frame) === true) {
            kept.push(base64Of(pixels));
        }
        before = pixels;
    }
    scene.dispose();
    engine.dispose();
    return { view, shown, worst, worstFrame, above, pictures: pictures.map(base64Of), kept };
}

async function createStageAsync({ seed, place, hasLook, levelFadeTime }: PassSetup): Promise<Stage> {
    const canvas = document.createElement("canvas");
    canvas.width = WIDTH;
    canvas.height = HEIGHT;
    const engine = new Engine(canvas, false, { preserveDrawingBuffer: true });
    const scene = new Scene(engine);
    scene.clearColor = new Color4(0.6, 0.7, 0.85, 1);
    const camera = new FreeCamera("camera", Vector3.Zero(), scene);
    camera.minZ = 0.3;
    camera.maxZ = VIEW_DISTANCE;
    const clock = { ms: 1000 };
    const viewer = { position: new Vector3() };
    const world = await CreateTerrainWorldAsync("world", scene, {
        recipe: place === "rough ground" ? Presets.endless({ seed }) : Presets.caves({ seed, caves: { radius: 8 } }),
        ...(hasLook ? {} : { material: createPlain(scene) }),
        viewDistance: VIEW_DISTANCE,
        workers: 2,
        viewers: [viewer],
        followActiveCamera: false,
        prefetchTime: 0,
        // Each frame applies all that has come.
        applyBudgetMs: 100,
        applyBudgetBytes: 2 ** 26,
        profiler: new PerformanceProfiler({ now: () => clock.ms }),
        ...(levelFadeTime === undefined ? {} : { levelFadeTime }),
    });
    const environment = hasLook ? await createEnvironmentAsync(scene, world) : null;
    return { engine, scene, world, viewer, clock, environment };
}

/** Creates light, sky and haze as the samples have them, in a still picture. */
async function createEnvironmentAsync(scene: Scene, world: TerrainWorld): Promise<TerrainEnvironment> {
    const environment = await CreateTerrainEnvironmentAsync(scene, world, { animates: false });
    environment.seconds = STILL_SECONDS;
    return environment;
}

/** Creates a material of one colour, earth's, and light for it. */
function createPlain(scene: Scene): StandardMaterial {
    new DirectionalLight("sun", new Vector3(1, -0.6, 0.5), scene).intensity = 0.8;
    new HemisphericLight("sky", Vector3.Up(), scene).intensity = 0.5;
    const material = new StandardMaterial("plain", scene);
    material.diffuseColor.set(0.5, 0.45, 0.4);
    material.specularColor.set(0, 0, 0);
    return material;
}

function lookDown(view: View): View {
    return { ...view, pitch: Math.min(view.pitch, MOUTH_PITCH) };
}

/** @param along metres from where it is nearest to the camera, to the right of the view */
function stand(position: Vector3, { x, y, z, yaw }: View, along: number): void {
    const turn = (yaw * Math.PI) / 180;
    const [ahead, right] = [
        new Vector3(Math.sin(turn), 0, Math.cos(turn)),
        new Vector3(Math.cos(turn), 0, -Math.sin(turn)),
    ];
    position.set(x, y, z).addInPlace(ahead.scaleInPlace(NEAREST)).addInPlace(right.scaleInPlace(along));
}

/** Renders until all is shown, what is to be drawn together is, and everything is compiled that fades are drawn by. */
async function readyAsync(stage: Stage): Promise<void> {
    let isReady = false;
    void stage.world.whenReadyAsync().then(() => (isReady = true));
    let calm = 0;
    let mergedMeshes = -1;
    const look = TerrainMaterialPlugin.Of(stage.world.material);
    // A pixel of each frame: a software renderer takes a second for all, and the look is complete after hundreds.
    stage.engine.enableScissor(0, 0, 1, 1);
    while (!isReady || calm < 30 || stage.environment?.isReady === false || look?.isComplete === false) {
        await frameAsync(stage);
        const { mergedMeshesShown } = stage.world.getStats();
        calm = isReady && mergedMeshesShown === mergedMeshes ? calm + 1 : 0;
        mergedMeshes = mergedMeshesShown;
    }
    stage.engine.disableScissor();
}

/** Draws a frame, and waits for all that it has asked for. */
async function frameAsync({ engine, scene, world, clock }: Stage): Promise<void> {
    clock.ms += FRAME_MS;
    engine.beginFrame();
    scene.render();
    engine.endFrame();
    do {
        await new Promise((resolve) => setTimeout(resolve));
    } while (isBaking(world));
}

function isBaking(world: TerrainWorld): boolean {
    const { pendingRequests, bakingChunks } = world.getStats();
    return pendingRequests + bakingChunks > 0;
}

async function pictureAsync(stage: Stage): Promise<Uint8Array> {
    await frameAsync(stage);
    const { buffer, byteOffset, byteLength } = await stage.engine.readPixels(0, 0, WIDTH, HEIGHT);
    return new Uint8Array(buffer, byteOffset, byteLength).slice();
}

function base64Of(pixels: Uint8Array): string {
    return btoa(Array.from(pixels, (byte) => String.fromCharCode(byte)).join(""));
}
