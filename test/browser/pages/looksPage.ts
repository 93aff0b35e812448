// A world that stands still: `window.looks` draws views of it, by either engine and at any quality.
import "@babylonjs/core/Engines/WebGPU/Extensions/index.js";
import { FreeCamera } from "@babylonjs/core/Cameras/freeCamera.js";
import type { AbstractEngine } from "@babylonjs/core/Engines/abstractEngine.js";
import { Engine } from "@babylonjs/core/Engines/engine.js";
import { WebGPUEngine } from "@babylonjs/core/Engines/webgpuEngine.js";
import { Constants } from "@babylonjs/core/Engines/constants.js";
import { DirectionalLight } from "@babylonjs/core/Lights/directionalLight.js";
import type { Material } from "@babylonjs/core/Materials/material.js";
import { Color4 } from "@babylonjs/core/Maths/math.color.js";
import { Vector3 } from "@babylonjs/core/Maths/math.vector.js";
import { Scene } from "@babylonjs/core/scene.js";
import { CreateTerrainWorldAsync } from "../../../src/babylon/createTerrainWorld.js";
import { createTerrainMaterial, TerrainMaterialPlugin } from "../../../src/babylon/material/terrainMaterialPlugin.js";
import type { TerrainQuality } from "../../../src/babylon/material/quality.js";
import type { TerrainWorld } from "../../../src/babylon/terrainWorld.js";
import { CreateTerrainEnvironmentAsync } from "../../../src/environment/index.js";
import { stubDrawing } from "./stubDrawing.js";
import { Presets } from "../../../src/recipe/presets.js";

export interface View {
    /** Metres; y from the ground. */
    readonly position: readonly [number, number, number];
    /** Degrees. */
    readonly yaw: number;
    readonly pitch: number;
}

export interface Setup {
    readonly isWebGpu?: boolean;
    readonly quality?: TerrainQuality;
    readonly preset?: "endless" | "caves";
    readonly seed?: number;
    readonly width?: number;
    readonly height?: number;
    readonly views: readonly View[];
    /** Hours of a `TerrainEnvironment`. Default: no environment, a sun alone */
    readonly timeOfDay?: number;
    /** Frames to take the time of. */
    readonly timedFrames?: number;
    /** Whether y is the world's, not from the ground. */
    readonly isAbsolute?: boolean;
    /** Whether pixels hold the number of fetches of textures, 4 for each, in place of colours. WebGL alone. */
    readonly countsFetches?: boolean;
}

export interface Picture {
    /** RGBA, from the lowest row up in WebGL, base64. */
    readonly pixels: string;
    readonly frameMs: number;
}

declare global {
    interface Window {
        looks: { drawAsync(setup: Setup): Promise<Picture[]> };
    }
}

const RADIANS = Math.PI / 180;

async function createEngineAsync({ isWebGpu, width = 640, height = 360 }: Setup): Promise<AbstractEngine> {
    const canvas = document.createElement("canvas");
    canvas.width = width;
    canvas.height = height;
    if (isWebGpu !== true) {
        return new Engine(canvas, true, { preserveDrawingBuffer: true });
    }
    const engine = new WebGPUEngine(canvas, { antialias: true });
    await engine.initAsync();
    return engine;
}

async function drawAsync(setup: Setup): Promise<Picture[]> {
    const engine = await createEngineAsync(setup);
    const scene = new Scene(engine);
    scene.clearColor = new Color4(0.45, 0.62, 0.85, 1);
    if (setup.timeOfDay === undefined) {
        const sun = new DirectionalLight("sun", new Vector3(0.26, -0.64, 0.72), scene);
        sun.diffuse.set(1, 0.95, 0.86);
        sun.specular.copyFrom(sun.diffuse);
        sun.intensity = 5;
    }
    const camera = new FreeCamera("camera", Vector3.Zero(), scene);
    camera.minZ = 0.3;
    camera.maxZ = 30000;
    camera.fov = 60 * RADIANS;
    const recipe = (Presets as unknown as Record<string, typeof Presets.endless>)[setup.preset ?? "endless"]!({
        seed: setup.seed ?? 1,
    });
    const material = createTerrainMaterial("land", scene, recipe, {
        ...(setup.quality !== undefined && { quality: setup.quality }),
    });
    material.imageProcessingConfiguration.toneMappingEnabled = true;
    if (setup.countsFetches === true) {
        countFetches(material);
    }
    const world = await CreateTerrainWorldAsync("world", scene, { recipe, material, viewDistance: 10000, workers: 2 });
    const environment =
        setup.timeOfDay === undefined
            ? null
            : await CreateTerrainEnvironmentAsync(scene, world, {
                  timeOfDay: setup.timeOfDay,
                  animates: false,
                  ...(setup.quality !== undefined && { quality: setup.quality }),
              });
    const pictures: Picture[] = [];
    try {
        for (const { position, yaw, pitch } of setup.views) {
            const [x, y, z] = position;
            camera.position.set(x, setup.isAbsolute === true ? y : world.sampleHeight(x, z) + y, z);
            camera.rotation.set(-pitch * RADIANS, yaw * RADIANS, 0);
            const plugin = TerrainMaterialPlugin.Of(material)!;
            const isComplete = (): boolean => plugin.isComplete && environment?.isReady !== false;
            pictures.push(await pictureAsync(engine, scene, world, isComplete, setup));
        }
    } finally {
        world.dispose();
        engine.dispose();
    }
    return pictures;
}

/** Changes a material's shader so that each pixel shows how often it reads textures. */
function countFetches(material: Material): void {
    const plugin = TerrainMaterialPlugin.Of(material)!;
    const getCustomCode = plugin.getCustomCode.bind(plugin);
    plugin.getCustomCode = (stage, language) => {
        const code = getCustomCode(stage, language);
        if (code === null || stage !== "fragment") {
            return code;
        }
        const [head, ...rest] = code["CUSTOM_FRAGMENT_DEFINITIONS"]!.split("struct TerraneTexel");
        const counted = ["struct TerraneTexel", rest.join("struct TerraneTexel")]
            .join("")
            .replaceAll("textureGrad(", "terraneCountedGrad(")
            .replaceAll("textureLod(", "terraneCountedLod(");
        return {
            ...code,
            CUSTOM_FRAGMENT_DEFINITIONS: head + COUNTERS + counted,
            CUSTOM_FRAGMENT_BEFORE_FRAGCOLOR: "finalColor = vec4(vec3(terraneFetches * 4.0 / 255.0), 1.0);",
        };
    };
    material.markAsDirty(Constants.MATERIAL_AllDirtyFlag);
}

const COUNTERS = `
float terraneFetches = 0.0;
vec4 terraneCountedGrad(highp sampler2DArray layers, vec3 place, vec2 dx, vec2 dy) {
    terraneFetches += 1.0;
    return textureGrad(layers, place, dx, dy);
}
vec4 terraneCountedLod(sampler2D noise, vec2 place, float lod) {
    terraneFetches += 1.0;
    return textureLod(noise, place, lod);
}
`;

async function pictureAsync(
    engine: AbstractEngine,
    scene: Scene,
    world: TerrainWorld,
    isComplete: () => boolean,
    { width = 640, height = 360, timedFrames = 0, timeOfDay }: Setup,
): Promise<Picture> {
    let isReady = false;
    void world.whenReadyAsync().then(() => (isReady = true));
    const restore = stubDrawing(engine);
    while (!isReady || !scene.isReady() || !isComplete()) {
        // Horizons take hundreds of frames, which nobody looks at.
        await (isReady && timeOfDay !== undefined ? hastyFrameAsync(scene) : frameAsync(scene));
    }
    restore();
    await frameAsync(scene);
    const start = performance.now();
    for (let i = 0; i < timedFrames; i++) {
        await frameAsync(scene);
        await engine.readPixels(0, 0, 1, 1);
    }
    const frameMs = timedFrames > 0 ? (performance.now() - start) / timedFrames : 0;
    if (engine.isWebGPU) {
        // After a frame without drawing, the first one is not whole yet.
        await frameAsync(scene);
    }
    const pixels = new Uint8Array((await engine.readPixels(0, 0, width, height)).buffer.slice(0));
    let text = "";
    for (let i = 0; i < pixels.length; i += 8192) {
        text += String.fromCharCode(...pixels.subarray(i, i + 8192));
    }
    return { pixels: btoa(text), frameMs };
}

function frameAsync(scene: Scene): Promise<void> {
    return new Promise((resolve) => {
        requestAnimationFrame(() => {
            drawFrame(scene);
            resolve();
        });
    });
}

/** Does not wait for the screen. */
function hastyFrameAsync(scene: Scene): Promise<void> {
    drawFrame(scene);
    return new Promise((resolve) => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => {
            port1.close();
            resolve();
        };
        port2.postMessage(null);
    });
}

function drawFrame(scene: Scene): void {
    const engine = scene.getEngine();
    engine.beginFrame();
    scene.render();
    engine.endFrame();
}

window.looks = { drawAsync };
