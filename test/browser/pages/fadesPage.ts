// A world whose viewer takes a step, with a clock that stands still: `window.fades` compares what is drawn half-way through the
// exchanges with what was drawn before and after.
import "@babylonjs/core/Engines/WebGPU/Extensions/index.js";
import { FreeCamera } from "@babylonjs/core/Cameras/freeCamera.js";
import type { AbstractEngine } from "@babylonjs/core/Engines/abstractEngine.js";
import { Engine } from "@babylonjs/core/Engines/engine.js";
import { WebGPUEngine } from "@babylonjs/core/Engines/webgpuEngine.js";
import { DirectionalLight } from "@babylonjs/core/Lights/directionalLight.js";
import { HemisphericLight } from "@babylonjs/core/Lights/hemisphericLight.js";
import { ShadowGenerator } from "@babylonjs/core/Lights/Shadows/shadowGenerator.js";
import "@babylonjs/core/Lights/Shadows/shadowGeneratorSceneComponent.js";
import { StandardMaterial } from "@babylonjs/core/Materials/standardMaterial.js";
import { RenderTargetTexture } from "@babylonjs/core/Materials/Textures/renderTargetTexture.js";
import { Color4 } from "@babylonjs/core/Maths/math.color.js";
import { Vector3 } from "@babylonjs/core/Maths/math.vector.js";
import "@babylonjs/core/Rendering/depthRendererSceneComponent.js";
import { Scene } from "@babylonjs/core/scene.js";
import type { ChunkMesh } from "../../../src/babylon/chunkMesh.js";
import { CreateTerrainWorldAsync } from "../../../src/babylon/createTerrainWorld.js";
import { TerrainMaterialPlugin } from "../../../src/babylon/material/terrainMaterialPlugin.js";
import type { TerrainWorld } from "../../../src/babylon/terrainWorld.js";
import { PerformanceProfiler } from "../../../src/profiler/performanceProfiler.js";
import { Presets } from "../../../src/recipe/presets.js";
import { stubDrawing } from "./stubDrawing.js";

export interface Setup {
    readonly mergeSiblings?: boolean;
    /** Undefined: WebGL. */
    readonly webGpu?: { readonly compatibilityMode: boolean };
    /** Terrane's own look in place of a plain material. */
    readonly hasOwnLook?: boolean;
    readonly isMaterialFrozen?: boolean;
    readonly isMultisampled?: boolean;
    /** Whether a camera that renders into a texture sees the ground too, which draws a depth pre-pass before it. */
    readonly needsDepthPrePass?: boolean;
    readonly levelFadeTime?: number;
}

export interface Exchange {
    /** Exchanges under way, and pixels that they change. */
    readonly exchanges: number;
    readonly changed: number;
    /** Meshes that draw several chunks of which one fades. */
    readonly mergedFading: number;
    /** Pixels that differ from the picture before at the fades' start, and from the one after at their end. */
    readonly differentAtStart: number;
    readonly differentAtEnd: number;
    /** By share of the time: pixels that are as neither, and the share of the changed ones that are as after. */
    readonly steps: readonly { readonly share: number; readonly neither: number; readonly after: number }[];
    /** Effects that were compiled meanwhile. */
    readonly compiled: number;
    /** Pixels by which maps differ from a quarter of the time to three: textures that the ground's own material draws, and another. */
    readonly changedTexels: Readonly<Record<"shadow" | "depth" | "target" | "otherMaterial", number>>;
    /** Whether the shader that draws what does not fade, and that which does, have the pattern. */
    readonly hasPattern: { readonly plain: boolean; readonly fading: boolean };
    /** Of each: shown and hidden during the fade, and after it. */
    readonly events: { readonly shown: number; readonly hiddenBefore: number; readonly hiddenAfter: number };
    readonly isReadyDuring: boolean;
}

declare global {
    interface Window {
        fades: { exchangeAsync(setup: Setup): Promise<Exchange> };
    }
}

/** Pixels. */
const SIZE = 128;
const FADE_MS = 400;

interface Stage {
    readonly engine: AbstractEngine;
    readonly scene: Scene;
    readonly camera: FreeCamera;
    readonly viewer: { readonly position: Vector3 };
    readonly world: TerrainWorld;
    readonly clock: { ms: number };
    readonly light: DirectionalLight;
}

async function createEngineAsync({ webGpu, isMultisampled }: Setup): Promise<AbstractEngine> {
    const canvas = document.createElement("canvas");
    canvas.width = SIZE;
    canvas.height = SIZE;
    if (webGpu === undefined) {
        return new Engine(canvas, isMultisampled === true);
    }
    const engine = new WebGPUEngine(canvas, { antialias: isMultisampled === true });
    await engine.initAsync();
    engine.compatibilityMode = webGpu.compatibilityMode;
    return engine;
}

async function createStageAsync(setup: Setup): Promise<Stage> {
    const engine = await createEngineAsync(setup);
    const scene = new Scene(engine);
    scene.clearColor = new Color4(1, 0, 1, 1);
    const camera = new FreeCamera("camera", Vector3.Zero(), scene);
    camera.minZ = 1;
    // Less than the world's view distance: ground that comes at its edge replaces nothing, and does not fade.
    camera.maxZ = 350;
    const light = new DirectionalLight("light", new Vector3(1, -1, 0.5), scene);
    new HemisphericLight("sky", Vector3.Up(), scene).intensity = 0.3;
    const material = new StandardMaterial("ground", scene);
    material.specularColor.set(0, 0, 0);
    material.needDepthPrePass = setup.needsDepthPrePass === true;
    const clock = { ms: 1000 };
    const viewer = { position: new Vector3(0, 60, 0) };
    const world = await CreateTerrainWorldAsync("world", scene, {
        recipe: Presets.endless({ seed: 12345, chunkSize: 32, terrain: { resolution: 16 } }),
        viewDistance: 500,
        screenSpaceError: 2,
        workers: 2,
        mergeSiblings: setup.mergeSiblings ?? true,
        ...(setup.hasOwnLook === true ? {} : { material }),
        viewers: [viewer],
        followActiveCamera: false,
        prefetchTime: 0,
        levelFadeTime: setup.levelFadeTime ?? FADE_MS / 1000,
        profiler: new PerformanceProfiler({ now: () => clock.ms }),
    });
    camera.position.set(0, world.sampleHeight(0, 0) + 30, 0);
    camera.rotation.x = 0.35;
    viewer.position.copyFrom(camera.position);
    if (setup.isMaterialFrozen === true) {
        world.material!.freeze();
    }
    const stage = { engine, scene, camera, viewer, world, clock, light };
    await readyAsync(stage);
    return stage;
}

/** Renders until all is shown, what is to be drawn together is, and fades can begin. */
async function readyAsync(stage: Stage): Promise<void> {
    let isReady = false;
    void stage.world.whenReadyAsync().then(() => (isReady = true));
    let calm = 0;
    let mergedMeshes = -1;
    // Textures that come up later would change the picture as well.
    const look = TerrainMaterialPlugin.Of(stage.world.material);
    const restore = stubDrawing(stage.engine);
    while (!isReady || calm < 30 || look?.isComplete === false) {
        stage.clock.ms += 16;
        await frameAsync(stage);
        const { mergedMeshesShown } = stage.world.getStats();
        calm = isReady && mergedMeshesShown === mergedMeshes ? calm + 1 : 0;
        mergedMeshes = mergedMeshesShown;
    }
    restore();
}

async function frameAsync({ engine, scene }: Stage): Promise<void> {
    engine.beginFrame();
    scene.render();
    engine.endFrame();
    await new Promise((resolve) => setTimeout(resolve));
}

async function pictureAsync(stage: Stage): Promise<Uint32Array> {
    const { engine, scene } = stage;
    engine.beginFrame();
    scene.render();
    const reading = engine.readPixels(0, 0, SIZE, SIZE);
    engine.endFrame();
    const { buffer, byteOffset, byteLength } = await reading;
    return new Uint32Array(buffer.slice(byteOffset, byteOffset + byteLength));
}

/** Lets chunks come that are wanted now, while the clock stands still: exchanges begin, and do not go on. */
async function beginAsync(stage: Stage): Promise<void> {
    for (let calm = 0; calm < 10;) {
        await frameAsync(stage);
        const { pendingRequests, bakingChunks, waitingForUpload } = stage.world.getStats();
        calm = pendingRequests + bakingChunks + waitingForUpload === 0 ? calm + 1 : 0;
    }
}

async function exchangeAsync(setup: Setup): Promise<Exchange> {
    const stage = await createStageAsync(setup);
    const { engine, scene, world, clock, viewer } = stage;
    const events = { shown: 0, hidden: 0 };
    world.onChunkShownObservable.add(() => events.shown++);
    world.onChunkHiddenObservable.add(() => events.hidden++);
    const targets = createTargets(stage);
    // The maps' own shaders are loaded beside the page.
    const restore = stubDrawing(engine);
    for (let calm = 0, count = 0; calm < 20 || !hasMapEffects(engine); calm++) {
        clock.ms += 16;
        await frameAsync(stage);
        calm = countEffects(engine) === count ? calm : 0;
        count = countEffects(engine);
    }
    restore();
    const effects = countEffects(engine);

    const before = await pictureAsync(stage);
    // Within a jump's length.
    viewer.position.x += 40;
    viewer.position.z += 60;
    await beginAsync(stage);
    const startMs = clock.ms;
    const exchanges = world.getStats().fadingExchanges;
    const meshes = world.shownMeshes() as unknown as ChunkMesh[];
    const mergedFading = meshes.filter((mesh) => mesh.chunks.length > 1 && mesh.isFading).length;
    const atStart = await pictureAsync(stage);
    const hiddenBefore = events.hidden;
    const isReadyDuring = world["_runtime"].isReady();

    const looks: { share: number; pixels: Uint32Array }[] = [];
    const texels: Uint32Array[][] = [];
    for (const share of [0.25, 0.5, 0.75]) {
        clock.ms = startMs + share * FADE_MS;
        looks.push({ share, pixels: await pictureAsync(stage) });
        texels.push(await targets.readAsync());
    }
    const hasPattern = patternsOf(meshes);
    clock.ms = startMs + FADE_MS;
    const after = await pictureAsync(stage);
    const hiddenAfter = events.hidden;
    const compiled = countEffects(engine) - effects;
    const atEnd = await pictureAsync(stage);
    scene.dispose();
    engine.dispose();

    const changed = different(before, after);
    return {
        exchanges,
        changed,
        mergedFading,
        differentAtStart: different(before, atStart),
        differentAtEnd: different(after, atEnd),
        steps: looks.map(({ share, pixels }) => ({ share, ...compare(pixels, before, after) })),
        compiled,
        changedTexels: {
            shadow: different(texels[0]![0]!, texels[2]![0]!),
            depth: different(texels[0]![1]!, texels[2]![1]!),
            target: different(texels[0]![2]!, texels[2]![2]!),
            otherMaterial: different(texels[0]![3]!, texels[2]![3]!),
        },
        hasPattern,
        events: { shown: events.shown, hiddenBefore, hiddenAfter },
        isReadyDuring,
    };
}

function compare(pixels: Uint32Array, before: Uint32Array, after: Uint32Array): { neither: number; after: number } {
    let neither = 0;
    let asAfter = 0;
    let changed = 0;
    for (let i = 0; i < pixels.length; i++) {
        neither += pixels[i] !== before[i] && pixels[i] !== after[i] ? 1 : 0;
        if (before[i] !== after[i]) {
            changed++;
            asAfter += pixels[i] === after[i] ? 1 : 0;
        }
    }
    return { neither, after: asAfter / changed };
}

function different(one: Uint32Array, other: Uint32Array): number {
    return one.reduce((sum, each, at) => sum + (each === other[at] ? 0 : 1), 0);
}

function effectsOf(engine: AbstractEngine): string[] {
    return Object.keys((engine as unknown as { _compiledEffects: object })._compiledEffects);
}

function countEffects(engine: AbstractEngine): number {
    return effectsOf(engine).length;
}

/** Whether both the shadow map and the depth map have been drawn. */
function hasMapEffects(engine: AbstractEngine): boolean {
    const effects = effectsOf(engine);
    return ["shadowMap", "depth"].every((name) => effects.some((key) => key.startsWith(`${name}+`)));
}

/** A shadow map, a depth map, and textures that are drawn by the ground's own material and by another. */
function createTargets({ scene, camera, light, world }: Stage): { readAsync(): Promise<Uint32Array[]> } {
    light.position.set(-300, camera.position.y + 300, -150);
    light.autoUpdateExtends = false;
    light.orthoLeft = light.orthoBottom = -300;
    light.orthoRight = light.orthoTop = 300;
    light.shadowMinZ = 1;
    light.shadowMaxZ = 1500;
    const shadows = new ShadowGenerator(256, light);
    world.castShadows(shadows);
    world.receiveShadows = false;
    const depth = scene.enableDepthRenderer(camera, true).getDepthMap();
    const [target, other] = ["target", "other target"].map((name) => {
        const texture = new RenderTargetTexture(name, SIZE, scene);
        texture.renderListPredicate = (mesh) => world.levelOf(mesh) >= 0;
        texture.renderList = null;
        scene.customRenderTargets.push(texture);
        return texture;
    }) as [RenderTargetTexture, RenderTargetTexture];
    const otherMaterial = new StandardMaterial("other", scene);
    other.onBeforeRenderObservable.add(() => other.setMaterialForRendering(world.shownMeshes(), otherMaterial));
    const all = [shadows.getShadowMap()!, depth, target, other];
    return {
        readAsync: () =>
            Promise.all(
                all.map(async (texture) => {
                    const { buffer, byteOffset, byteLength } = (await texture.readPixels())!;
                    return new Uint32Array(buffer.slice(byteOffset, byteOffset + byteLength));
                }),
            ),
    };
}

function patternsOf(meshes: readonly ChunkMesh[]): { plain: boolean; fading: boolean } {
    const sources = { plain: "", fading: "" };
    for (const mesh of meshes) {
        for (const wrapper of mesh.subMeshes[0]!._drawWrappers) {
            const effect = wrapper?.effect ?? null;
            if (effect !== null) {
                const kind = effect.defines.includes("TERRANE_LEVEL_FADE") ? "fading" : "plain";
                sources[kind] += effect.fragmentSourceCode + effect.vertexSourceCode;
            }
        }
    }
    return { plain: /terraneFade|discard/i.test(sources.plain), fading: /terraneIsFaded/.test(sources.fading) };
}

window.fades = { exchangeAsync };
