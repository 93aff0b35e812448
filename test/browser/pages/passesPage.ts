// A world seen by everything that draws it: `window.passes` counts pixels by which passes differ.
import "@babylonjs/core/Engines/WebGPU/Extensions/index.js";
import type { Camera } from "@babylonjs/core/Cameras/camera.js";
import { FreeCamera } from "@babylonjs/core/Cameras/freeCamera.js";
import { GPUPicker } from "@babylonjs/core/Collisions/gpuPicker.js";
import type { AbstractEngine } from "@babylonjs/core/Engines/abstractEngine.js";
import { Engine } from "@babylonjs/core/Engines/engine.js";
import { WebGPUEngine } from "@babylonjs/core/Engines/webgpuEngine.js";
import { DirectionalLight } from "@babylonjs/core/Lights/directionalLight.js";
import { CascadedShadowGenerator } from "@babylonjs/core/Lights/Shadows/cascadedShadowGenerator.js";
import { ShadowGenerator } from "@babylonjs/core/Lights/Shadows/shadowGenerator.js";
import "@babylonjs/core/Lights/Shadows/shadowGeneratorSceneComponent.js";
import { StandardMaterial } from "@babylonjs/core/Materials/standardMaterial.js";
import { MirrorTexture } from "@babylonjs/core/Materials/Textures/mirrorTexture.js";
import { RenderTargetTexture } from "@babylonjs/core/Materials/Textures/renderTargetTexture.js";
import { Color4 } from "@babylonjs/core/Maths/math.color.js";
import { Plane } from "@babylonjs/core/Maths/math.plane.js";
import { Vector3 } from "@babylonjs/core/Maths/math.vector.js";
import { Viewport } from "@babylonjs/core/Maths/math.viewport.js";
import { ReflectionProbe } from "@babylonjs/core/Probes/reflectionProbe.js";
import { Scene, ScenePerformancePriority } from "@babylonjs/core/scene.js";
import { CreateTerrainWorldAsync } from "../../../src/babylon/createTerrainWorld.js";
import type { TerrainWorld } from "../../../src/babylon/terrainWorld.js";
import { Presets } from "../../../src/recipe/presets.js";
import { stubDrawing } from "./stubDrawing.js";

export interface Setup {
    readonly mergeSiblings: boolean;
    /** Undefined: WebGL. */
    readonly webGpu?: { readonly compatibilityMode: boolean };
    /** Whether the scene's active meshes are frozen before it turns and flies. */
    readonly isFrozen?: boolean;
    /** Whether the scene keeps from frame to frame what it can, from its first on: Babylon mixes things up where it begins later. */
    readonly isAggressive?: boolean;
}

/** By the name of a pass: a number for each look. */
export type Counts = Record<string, readonly number[]>;

export interface Turn {
    /** By which `differencesOf` knows it. */
    readonly id: number;
    /** Pixels that are not as the first one of their picture: how much there is to see. */
    readonly drawn: Counts;
    readonly drawCalls: { readonly one: number; readonly split: number };
    readonly mergedMeshes: number;
    /** Meshes in the cascades' list while the world casts shadows, of which shown; and after that. */
    readonly casters: { readonly listed: number; readonly shown: number; readonly after: number };
}

declare global {
    interface Window {
        passes: {
            /** One turn in eight steps, all passes drawn at each. */
            turnAsync(setup: Setup): Promise<Turn>;
            /** The main view alone, in a turn and along a flight. */
            flyAsync(setup: Setup): Promise<Pick<Turn, "id" | "drawn">>;
            /** Pixels that differ between two turns or flights; with one alone, between each look and its first. */
            differencesOf(one: number, other?: number): Counts;
        };
    }
}

/** The pixels of each pass. */
type Look = Record<string, Uint32Array>;

/** Pixels. */
const SIZE = 128;
const STEPS = 8;
const BACKGROUND = new Color4(1, 0, 1, 1);

interface Stage {
    readonly engine: AbstractEngine;
    readonly scene: Scene;
    readonly camera: FreeCamera;
    readonly light: DirectionalLight;
    readonly world: TerrainWorld;
}

async function createStageAsync({ mergeSiblings, webGpu, isAggressive }: Setup): Promise<Stage> {
    const canvas = document.createElement("canvas");
    canvas.width = SIZE;
    canvas.height = SIZE;
    const engine = webGpu === undefined ? new Engine(canvas, false) : new WebGPUEngine(canvas, { antialias: false });
    if (engine instanceof WebGPUEngine) {
        await engine.initAsync();
        engine.compatibilityMode = webGpu!.compatibilityMode;
    }
    const scene = new Scene(engine);
    scene.clearColor = BACKGROUND;
    if (isAggressive === true) {
        scene.performancePriority = ScenePerformancePriority.Aggressive;
        scene.autoClear = true;
    }
    const camera = new FreeCamera("camera", Vector3.Zero(), scene);
    camera.minZ = 1;
    camera.maxZ = 2000;
    const light = new DirectionalLight("light", new Vector3(1, -1, 0.5), scene);
    const material = new StandardMaterial("ground", scene);
    material.specularColor.set(0, 0, 0);
    const world = await CreateTerrainWorldAsync("world", scene, {
        // Few triangles: a software renderer takes its time for each, in a dozen passes.
        recipe: Presets.endless({ seed: 12345, chunkSize: 32, terrain: { resolution: 16 } }),
        viewDistance: 500,
        screenSpaceError: 2,
        workers: 2,
        mergeSiblings,
        material,
        // What is shown depends on where this one stands alone, not on how it came and which cameras there are.
        viewers: [{ position: camera.position }],
        followActiveCamera: false,
        prefetchTime: 0,
    });
    standAt(camera, world, 0);
    await readyAsync(scene, world);
    return { engine, scene, camera, light, world };
}

function standAt(camera: FreeCamera, world: TerrainWorld, x: number): void {
    camera.position.set(x, world.sampleHeight(x, 0) + 30, 0);
    camera.rotation.x = 0.25;
}

/** Renders until all is shown, and what is to be drawn together is. */
async function readyAsync(scene: Scene, world: TerrainWorld): Promise<void> {
    let isReady = false;
    void world.whenReadyAsync().then(() => (isReady = true));
    let calm = 0;
    let mergedMeshes = 0;
    const restore = stubDrawing(scene.getEngine());
    while (!isReady || calm < 30) {
        drawFrame(scene);
        await new Promise((resolve) => setTimeout(resolve));
        const { mergedMeshesShown } = world.getStats();
        calm = isReady && mergedMeshesShown === mergedMeshes ? calm + 1 : 0;
        mergedMeshes = mergedMeshesShown;
    }
    restore();
    drawFrame(scene);
}

const kept: Look[][] = [];

function keep(looks: Look[]): Pick<Turn, "id" | "drawn"> {
    const drawn = countsOf(looks, (pixels) => pixels.reduce((sum, each) => sum + (each === pixels[0] ? 0 : 1), 0));
    return { id: kept.push(looks) - 1, drawn };
}

function countsOf(looks: Look[], count: (pixels: Uint32Array, name: string, i: number) => number): Counts {
    return Object.fromEntries(
        Object.keys(looks[0]!).map((name) => [name, looks.map((look, i) => count(look[name]!, name, i))]),
    );
}

function differencesOf(one: number, other?: number): Counts {
    return countsOf(kept[one]!, (pixels, name, i) => {
        const others = other === undefined ? kept[one]![0]![name]! : kept[other]![i]![name]!;
        return different(pixels, others);
    });
}

function different(one: Uint32Array, other: Uint32Array): number {
    return one.reduce((sum, each, at) => sum + (each === other[at] ? 0 : 1), 0);
}

function wordsOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint32Array {
    return new Uint32Array(buffer.slice(byteOffset, byteOffset + byteLength));
}

async function targetAsync(target: RenderTargetTexture, face = 0): Promise<Uint32Array> {
    return wordsOf((await target.readPixels(face))!);
}

/** WebGPU draws nothing outside a frame of the engine's. */
function drawFrame(scene: Scene): void {
    const engine = scene.getEngine();
    engine.beginFrame();
    scene.render();
    engine.endFrame();
}

/** A frame as the canvas has it; read before it ends, as it is gone after that. */
async function canvasAsync(scene: Scene): Promise<Uint32Array> {
    const engine = scene.getEngine();
    engine.beginFrame();
    scene.render();
    const pixels = engine.readPixels(0, 0, SIZE, SIZE);
    engine.endFrame();
    return wordsOf(await pixels);
}

function createTarget(scene: Scene, name: string, list: RenderTargetTexture["renderList"]): RenderTargetTexture {
    const target = new RenderTargetTexture(name, SIZE, scene);
    target.renderList = list;
    target.clearColor = BACKGROUND;
    scene.customRenderTargets.push(target);
    return target;
}

/** A camera of a target's own, which looks back. */
function createRearCamera(scene: Scene, { position }: FreeCamera): FreeCamera {
    const rear = new FreeCamera("rear", position.clone(), scene);
    rear.rotation.set(0.25, Math.PI, 0);
    rear.minZ = 1;
    rear.maxZ = 2000;
    return rear;
}

async function turnAsync(setup: Setup): Promise<Turn> {
    const stage = await createStageAsync(setup);
    const turn: Look[] = Array.from({ length: STEPS }, () => ({}));
    const drawCalls = await turnViewsAsync(stage, turn);
    const casters = await turnCascadesAsync(stage, turn);
    await turnTargetsAsync(stage, turn);
    const mergedMeshes = stage.world.getStats().mergedMeshesShown;
    stage.scene.dispose();
    stage.engine.dispose();
    return { ...keep(turn), drawCalls, mergedMeshes, casters };
}

/** Main views: of one camera, of two, without clipping. */
async function turnViewsAsync({ scene, camera, world }: Stage, turn: Look[]): Promise<Turn["drawCalls"]> {
    const drawCalls = { one: 0, split: 0 };
    const right = new FreeCamera("right", camera.position.clone(), scene);
    right.minZ = camera.minZ;
    right.maxZ = camera.maxZ;
    for (let step = 0; step < STEPS; step++) {
        const look = turn[step]!;
        camera.rotation.y = (step * 2 * Math.PI) / STEPS;
        look["main view"] = await canvasAsync(scene);
        drawCalls.one += world.getStats().drawCalls;
        right.rotation.set(camera.rotation.x, camera.rotation.y + Math.PI, 0);
        await withSplitScreenAsync(scene, [camera, right], async () => {
            // A mesh that a pass meets for the first time is drawn from the next frame on: its effect is not ready before.
            drawFrame(scene);
            look["split screen"] = await canvasAsync(scene);
            drawCalls.split += world.getStats().drawCalls;
        });
        scene.skipFrustumClipping = true;
        look["without clipping"] = await canvasAsync(scene);
        scene.skipFrustumClipping = false;
    }
    return drawCalls;
}

/** The main view with shadows that the world casts by itself. */
async function turnCascadesAsync({ scene, camera, light, world }: Stage, turn: Look[]): Promise<Turn["casters"]> {
    const generator = new CascadedShadowGenerator(256, light);
    generator.shadowMaxZ = 300;
    generator.bias = 0.02;
    const shadows = world.castShadows(generator);
    for (let step = 0; step < STEPS; step++) {
        camera.rotation.y = (step * 2 * Math.PI) / STEPS;
        drawFrame(scene);
        turn[step]!["cascades"] = await canvasAsync(scene);
    }
    const list = generator.getShadowMap()!.renderList!;
    const shown = world.shownMeshes().filter((mesh) => list.includes(mesh)).length;
    const listed = list.length;
    shadows.dispose();
    const after = list.length;
    generator.dispose();
    return { listed, shown, after };
}

/** All that draws from a list of its own. */
async function turnTargetsAsync({ scene, camera, light, world }: Stage, turn: Look[]): Promise<void> {
    const list = (): ReturnType<TerrainWorld["shownMeshes"]> => world.shownMeshes();
    const { y } = camera.position;

    light.position.set(-300, y + 300, -150);
    light.autoUpdateExtends = false;
    light.orthoLeft = light.orthoBottom = -300;
    light.orthoRight = light.orthoTop = 300;
    light.shadowMinZ = 1;
    light.shadowMaxZ = 1500;
    const shadows = new ShadowGenerator(256, light);
    shadows.getShadowMap()!.renderList = list();

    const mirror = new MirrorTexture("mirror", SIZE, scene);
    mirror.mirrorPlane = new Plane(0, -1, 0, y - 40);
    mirror.renderList = list();
    mirror.clearColor = BACKGROUND;
    scene.customRenderTargets.push(mirror);
    const rear = createTarget(scene, "rear view", list());
    rear.activeCamera = createRearCamera(scene, camera);
    const probe = new ReflectionProbe("probe", 64, scene);
    probe.position.copyFrom(camera.position);
    probe.renderList!.push(...list());
    scene.customRenderTargets.push(probe.cubeTexture);
    const picker = new GPUPicker();
    picker.setPickingList(list());

    for (let step = 0; step < STEPS; step++) {
        const look = turn[step]!;
        camera.rotation.y = (step * 2 * Math.PI) / STEPS;
        // In the first frame that looks there, before the camera's own view is drawn: what was in view before must not matter.
        look["gpu pick"] = await pickAsync(picker, scene, world);
        look["shadow map"] = await targetAsync(shadows.getShadowMap()!);
        look["mirror"] = await targetAsync(mirror);
        look["rear view"] = await targetAsync(rear);
        for (let face = 0; face < 6; face++) {
            look[`probe ${face}`] = await targetAsync(probe.cubeTexture, face);
        }
    }
}

/** Levels of what is picked at nine places of the screen. */
async function pickAsync(picker: GPUPicker, scene: Scene, world: TerrainWorld): Promise<Uint32Array> {
    const places = [0.1, 0.5, 0.9].flatMap((x) => [0.5, 0.7, 0.95].map((y) => ({ x: x * SIZE, y: y * SIZE })));
    let isAnswered = false;
    const answer = picker.multiPickAsync(places).finally(() => (isAnswered = true));
    while (!isAnswered) {
        drawFrame(scene);
        await new Promise((resolve) => setTimeout(resolve));
    }
    const picked = await answer;
    const levels = picked?.meshes.map((mesh) => (mesh === null ? -1 : world.levelOf(mesh))) ?? [];
    return Uint32Array.from([-1, ...levels]);
}

async function withSplitScreenAsync(scene: Scene, cameras: Camera[], drawAsync: () => Promise<void>): Promise<void> {
    cameras.forEach((each, i) => (each.viewport = new Viewport(i / 2, 0, 0.5, 1)));
    scene.activeCameras = cameras;
    await drawAsync();
    scene.activeCameras = [];
    scene.activeCamera = cameras[0]!;
    cameras[0]!.viewport = new Viewport(0, 0, 1, 1);
}

async function flyAsync(setup: Setup): Promise<Pick<Turn, "id" | "drawn">> {
    const { engine, scene, camera, world } = await createStageAsync(setup);
    if (setup.isFrozen === true) {
        scene.freezeActiveMeshes();
    }
    const looks: Look[] = [];
    const lookAsync = async (): Promise<void> => {
        looks.push({ "main view": await canvasAsync(scene) });
    };
    for (let step = 0; step < STEPS; step++) {
        camera.rotation.y = (step * 2 * Math.PI) / STEPS;
        await lookAsync();
    }
    camera.rotation.y = Math.PI / 2;
    for (let x = 100; x <= 400; x += 100) {
        standAt(camera, world, x);
        await readyAsync(scene, world);
        await lookAsync();
    }
    scene.dispose();
    engine.dispose();
    return keep(looks);
}

window.passes = { turnAsync, flyAsync, differencesOf };
