// Environments in scenes of many kinds: `window.environments` makes them, looks at them and takes them away.
import "@babylonjs/core/Engines/WebGPU/Extensions/index.js";
import { FreeCamera } from "@babylonjs/core/Cameras/freeCamera.js";
import type { AbstractEngine } from "@babylonjs/core/Engines/abstractEngine.js";
import { Engine } from "@babylonjs/core/Engines/engine.js";
import { WebGPUEngine } from "@babylonjs/core/Engines/webgpuEngine.js";
import { PBRMaterial } from "@babylonjs/core/Materials/PBR/pbrMaterial.js";
import { StandardMaterial } from "@babylonjs/core/Materials/standardMaterial.js";
import { Color4 } from "@babylonjs/core/Maths/math.color.js";
import { Vector3 } from "@babylonjs/core/Maths/math.vector.js";
import { Viewport } from "@babylonjs/core/Maths/math.viewport.js";
import { CreateBox } from "@babylonjs/core/Meshes/Builders/boxBuilder.js";
import { Scene } from "@babylonjs/core/scene.js";
import { CreateTerrainWorldAsync } from "../../../src/babylon/createTerrainWorld.js";
import type { TerrainMaterialPlugin } from "../../../src/babylon/material/terrainMaterialPlugin.js";
import type { TerrainWorld } from "../../../src/babylon/terrainWorld.js";
import {
    CreateTerrainEnvironmentAsync,
    type TerrainEnvironment,
    type TerrainEnvironmentOptions,
} from "../../../src/environment/index.js";
import { Presets } from "../../../src/recipe/presets.js";

/** Options that can be sent to a page. */
export type PlainOptions = Omit<TerrainEnvironmentOptions, "sun"> & { readonly sun?: boolean };

export interface StageSetup {
    readonly isWebGpu?: boolean;
    readonly isRightHanded?: boolean;
    readonly useLargeWorldRendering?: boolean;
    /** Whether the pixels of a post-process are to be linear until it has them. */
    readonly isPostProcessed?: boolean;
    /** null: no environment. */
    readonly options: PlainOptions | null;
    /** Metres: how far east of the origin everything is. */
    readonly east?: number;
}

export interface Pose {
    /** Metres above ground or water. */
    readonly over?: number;
    /** Degrees. */
    readonly yaw?: number;
    readonly pitch?: number;
    readonly timeOfDay?: number;
    readonly isSplit?: boolean;
    /** Whether it waits for the ground's textures, which take a software renderer's machine seconds. */
    readonly hasTextures?: boolean;
}

/** What a scene and its engine hold. */
export interface Holdings {
    readonly meshes: number;
    readonly materials: number;
    readonly textures: number;
    readonly lights: number;
    readonly observers: number;
    readonly plugins: readonly string[];
    /** Whether the ground's shader is that of an environment. */
    readonly isInEnvironment: boolean;
}

declare global {
    interface Window {
        environments: {
            createAsync(setup: StageSetup): Promise<void>;
            /** Looks, and returns the canvas's pixels: base64 of four bytes each, the lowest line first. */
            lookAsync(pose: Pose): Promise<string>;
            /** Effects that are compiled while the sun goes once around, and the shades of light that came with it. */
            turnSunAsync(steps: number): Promise<{ readonly effects: number; readonly directions: number }>;
            holdings(): Holdings;
            addAsync(options: PlainOptions): Promise<void>;
            /** Puts a box of a material before the camera, and the material into the environment. */
            addBox(kind: "standard" | "pbr"): void;
            removeBox(): void;
            setQuality(quality: "low" | "medium" | "high"): void;
            endEnvironment(): void;
            endAsync(): Promise<void>;
        };
        stage: Stage | null;
    }
}

/** Pixels. */
const SIZE = 128;
const X = 207;
const Z = -2190;

interface Stage {
    readonly engine: AbstractEngine;
    readonly scene: Scene;
    readonly camera: FreeCamera;
    readonly world: TerrainWorld;
    environment: TerrainEnvironment | null;
    readonly east: number;
}

async function createAsync(setup: StageSetup): Promise<void> {
    const { isWebGpu, isRightHanded, useLargeWorldRendering, isPostProcessed, options, east = 0 } = setup;
    const canvas = document.createElement("canvas");
    canvas.width = SIZE;
    canvas.height = SIZE;
    const engine =
        isWebGpu === true
            ? new WebGPUEngine(canvas, { antialias: false, useLargeWorldRendering })
            : new Engine(canvas, false, { preserveDrawingBuffer: true, useLargeWorldRendering });
    if (engine instanceof WebGPUEngine) {
        await engine.initAsync();
    }
    const scene = new Scene(engine);
    scene.useRightHandedSystem = isRightHanded === true;
    scene.clearColor = new Color4(1, 0, 1, 1);
    scene.imageProcessingConfiguration.applyByPostProcess = isPostProcessed === true;
    const camera = new FreeCamera("camera", Vector3.Zero(), scene);
    camera.minZ = 0.5;
    camera.maxZ = 8000;
    const world = await CreateTerrainWorldAsync("world", scene, {
        // Few triangles: a software renderer takes its time for each.
        recipe: Presets.endless({ seed: 1, terrain: { resolution: 16 } }),
        viewDistance: 2500,
        workers: 2,
        levelFadeTime: 0,
        prefetchTime: 0,
        quality: "low",
    });
    standAt(camera, world, X + east, 60);
    window.stage = { engine, scene, camera, world, environment: null, east };
    if (options !== null) {
        await addAsync(options);
    }
}

function addBox(kind: "standard" | "pbr"): void {
    const { scene, camera, environment, east } = window.stage!;
    const material = kind === "pbr" ? createPbr(scene) : new StandardMaterial("box", scene);
    const mesh = CreateBox("box", { size: 30 }, scene);
    mesh.position.set(X + east, camera.position.y, Z - 60);
    mesh.material = material;
    environment!.addMaterial(material);
}

function removeBox(): void {
    window.stage!.scene.getMeshByName("box")!.dispose(false, true);
}

function createPbr(scene: Scene): PBRMaterial {
    const material = new PBRMaterial("box", scene);
    material.metallic = 0;
    material.roughness = 0.8;
    return material;
}

async function addAsync(options: PlainOptions): Promise<void> {
    const stage = window.stage!;
    const { scene, world } = stage;
    stage.environment = await CreateTerrainEnvironmentAsync(scene, world, { animates: false, ...options });
    stage.environment.seconds = 40;
}

function drawFrame({ engine, scene }: Stage): void {
    engine.beginFrame();
    scene.render();
    engine.endFrame();
}

/** Draws a frame of which a pixel is to be seen: a software renderer takes its time for each, and the next look waits for all of them. */
function drawPixel(stage: Stage): void {
    stage.engine.enableScissor(0, 0, 1, 1);
    drawFrame(stage);
    stage.engine.disableScissor();
}

async function readyAsync(stage: Stage, hasTextures = false): Promise<void> {
    let isReady = false;
    void stage.world.whenReadyAsync().then(() => (isReady = true));
    let calm = 0;
    while (calm < 3) {
        drawPixel(stage);
        await new Promise((resolve) => setTimeout(resolve));
        const isLit = stage.environment?.isReady ?? true;
        calm = isReady && isLit && stage.scene.isReady() ? calm + 1 : 0;
    }
    // They come without frames, and the sooner without them.
    while (hasTextures && !isTextured(stage.world)) {
        await new Promise((resolve) => setTimeout(resolve, 20));
    }
}

/** Returns whether the ground's textures are there, which come after it. */
function isTextured({ material }: TerrainWorld): boolean {
    return (material?.pluginManager?.getPlugin("TerraneTerrain") as TerrainMaterialPlugin).isComplete;
}

async function lookAsync({ over = 60, yaw = 135, pitch = -4, timeOfDay, isSplit, hasTextures }: Pose): Promise<string> {
    const stage = window.stage!;
    const { engine, scene, camera, world, environment, east } = stage;
    standAt(camera, world, X + east, over);
    // Right-handed cameras look along -z.
    camera.setTarget(camera.position.add(directionOf(yaw, pitch)));
    if (timeOfDay !== undefined && environment !== null) {
        environment.timeOfDay = timeOfDay;
    }
    let other: FreeCamera | null = null;
    if (isSplit === true) {
        other = new FreeCamera("other", camera.position.clone(), scene);
        other.rotation.copyFrom(camera.rotation);
        other.minZ = camera.minZ;
        other.maxZ = camera.maxZ;
        camera.viewport = new Viewport(0, 0, 0.5, 1);
        other.viewport = new Viewport(0.5, 0, 0.5, 1);
        scene.activeCameras = [camera, other];
    }
    await readyAsync(stage, hasTextures);
    engine.beginFrame();
    scene.render();
    const pixels = engine.readPixels(0, 0, SIZE, SIZE);
    engine.endFrame();
    const { buffer, byteOffset, byteLength } = await pixels;
    if (other !== null) {
        scene.activeCameras = [];
        scene.activeCamera = camera;
        camera.viewport = new Viewport(0, 0, 1, 1);
        other.dispose();
    }
    const bytes = new Uint8Array(buffer, byteOffset, byteLength);
    if (engine.isWebGPU) {
        turnOver(bytes);
    }
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

function standAt(camera: FreeCamera, world: TerrainWorld, x: number, over: number): void {
    camera.position.set(x, Math.max(world.sampleHeight(x, Z), world.recipe.water.level) + over, Z);
}

/** WebGPU reads the highest line first. */
function turnOver(pixels: Uint8Array): void {
    for (let row = 0; row < SIZE / 2; row++) {
        const [low, high] = [row * SIZE * 4, (SIZE - 1 - row) * SIZE * 4];
        const line = pixels.slice(low, low + SIZE * 4);
        pixels.copyWithin(low, high, high + SIZE * 4);
        pixels.set(line, high);
    }
}

function directionOf(yaw: number, pitch: number): Vector3 {
    const [turn, lift] = [(yaw * Math.PI) / 180, (pitch * Math.PI) / 180];
    return new Vector3(Math.sin(turn) * Math.cos(lift), Math.sin(lift), Math.cos(turn) * Math.cos(lift));
}

async function turnSunAsync(steps: number): Promise<{ effects: number; directions: number }> {
    const stage = window.stage!;
    const environment = stage.environment!;
    await readyAsync(stage);
    const before = effectsOf(stage.engine);
    const directions = new Set<string>();
    for (let step = 0; step < steps; step++) {
        environment.timeOfDay = (step * 24) / steps;
        drawPixel(stage);
        directions.add(environment.light!.direction.asArray().join(" "));
        await new Promise((resolve) => setTimeout(resolve));
    }
    return { effects: effectsOf(stage.engine) - before, directions: directions.size };
}

function effectsOf(engine: AbstractEngine): number {
    return Object.keys((engine as unknown as { _compiledEffects: object })._compiledEffects).length;
}

function holdings(): Holdings {
    const { scene, world } = window.stage!;
    const { material } = world;
    const plugins = (material?.pluginManager as unknown as { _plugins: { name: string }[] } | null)?._plugins ?? [];
    const effect = world.shownMeshes()[0]?.subMeshes[0]?.effect;
    return {
        meshes: scene.meshes.filter(
            (mesh) => !/chunk/i.test(mesh.name) && !mesh.isVerticesDataPresent("terraneWeights"),
        ).length,
        materials: scene.materials.length,
        textures: scene.textures.length,
        lights: scene.lights.length,
        observers: scene.onBeforeRenderObservable.observers.length + scene.onDisposeObservable.observers.length,
        plugins: plugins.map(({ name }) => name),
        isInEnvironment: effect?.defines.includes("#define TERRANE_ENVIRONMENT\n") === true,
    };
}

function endEnvironment(): void {
    const stage = window.stage!;
    stage.environment!.dispose();
    stage.environment = null;
}

async function endAsync(): Promise<void> {
    const { engine, scene } = window.stage!;
    scene.dispose();
    engine.dispose();
    window.stage = null;
    await new Promise((resolve) => setTimeout(resolve));
}

function setQuality(quality: "low" | "medium" | "high"): void {
    window.stage!.environment!.quality = quality;
}

window.stage = null;
window.environments = {
    createAsync,
    addAsync,
    addBox,
    removeBox,
    lookAsync,
    turnSunAsync,
    holdings,
    setQuality,
    endEnvironment,
    endAsync,
};
