// The textures of the ground on a real engine: `window.textures` makes them and looks at their texels.
import "@babylonjs/core/Engines/WebGPU/Extensions/index.js";
import { FreeCamera } from "@babylonjs/core/Cameras/freeCamera.js";
import type { AbstractEngine } from "@babylonjs/core/Engines/abstractEngine.js";
import { Engine } from "@babylonjs/core/Engines/engine.js";
import { WebGPUEngine } from "@babylonjs/core/Engines/webgpuEngine.js";
import { ShaderLanguage } from "@babylonjs/core/Materials/shaderLanguage.js";
import { ShaderMaterial } from "@babylonjs/core/Materials/shaderMaterial.js";
import { Vector3 } from "@babylonjs/core/Maths/math.vector.js";
import { CreatePlane } from "@babylonjs/core/Meshes/Builders/planeBuilder.js";
import { Scene } from "@babylonjs/core/scene.js";
import { acquireGroundTextures, type GroundTextures } from "../../../src/babylon/material/groundTextures.js";
import type { DrawingWorkerOptions } from "../../../src/runtime/textureDrawing.js";

export type Pixel = readonly [number, number, number, number];

export interface TexturesPage {
    /** Makes an engine. */
    openAsync(isWebGpu: boolean): Promise<void>;
    /** Has textures drawn. Returns how many milliseconds the call took. */
    acquire(size: number, workers?: DrawingWorkerOptions): number;
    /** Draws frames until they are ready. Returns the milliseconds that it took, and of the longest frame. */
    untilReadyAsync(): Promise<{ ms: number; longestMs: number }>;
    state(): { isReady: boolean; byteLength: number; loadedTextures: number; workers: number };
    /** Returns the texel in the middle of a layer's mip. */
    look(which: "color" | "relief", layer: number, lod: number): Promise<Pixel>;
    /** Loses the context, and restores it. */
    loseAsync(): Promise<void>;
    dispose(): void;
}

declare global {
    interface Window {
        textures: TexturesPage;
    }
}

const VERTEX_GLSL = `
precision highp float;
attribute vec3 position;
void main() { gl_Position = vec4(position.xy, 0.5, 1.0); }`;
const FRAGMENT_GLSL = `
precision highp float;
precision highp sampler2DArray;
uniform sampler2DArray image;
uniform float layer;
uniform float lod;
void main() { gl_FragColor = textureLod(image, vec3(0.5, 0.5, layer), lod); }`;
const VERTEX_WGSL = `
attribute position : vec3<f32>;
@vertex
fn main(input : VertexInputs) -> FragmentInputs { vertexOutputs.position = vec4f(vertexInputs.position.xy, 0.5, 1.0); }`;
const FRAGMENT_WGSL = `
var imageSampler : sampler;
var image : texture_2d_array<f32>;
uniform layer : f32;
uniform lod : f32;
@fragment
fn main(input : FragmentInputs) -> FragmentOutputs {
    fragmentOutputs.color = textureSampleLevel(image, imageSampler, vec2f(0.5, 0.5), i32(uniforms.layer), uniforms.lod);
}`;

const canvas = document.createElement("canvas");
canvas.width = 16;
canvas.height = 16;
document.body.append(canvas);

/** Workers that were started and not ended. */
let workers = 0;
const OwnWorker = globalThis.Worker;
globalThis.Worker = class extends OwnWorker {
    public constructor(...parameters: ConstructorParameters<typeof OwnWorker>) {
        super(...parameters);
        workers++;
    }

    public override terminate(): void {
        workers--;
        super.terminate();
    }
};

let engine: AbstractEngine;
let scene: Scene;
let looker: ShaderMaterial;
let textures: GroundTextures | null = null;

const frameAsync = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));

window.textures = {
    async openAsync(isWebGpu) {
        if (isWebGpu) {
            const made = new WebGPUEngine(canvas, { antialias: false });
            await made.initAsync();
            engine = made;
        } else {
            engine = new Engine(canvas, false, { preserveDrawingBuffer: true });
        }
        scene = new Scene(engine);
        new FreeCamera("camera", new Vector3(0, 0, -5), scene);
        const language = isWebGpu ? ShaderLanguage.WGSL : ShaderLanguage.GLSL;
        looker = new ShaderMaterial(
            "looker",
            scene,
            isWebGpu
                ? { vertexSource: VERTEX_WGSL, fragmentSource: FRAGMENT_WGSL }
                : { vertexSource: VERTEX_GLSL, fragmentSource: FRAGMENT_GLSL },
            {
                attributes: ["position"],
                uniforms: ["layer", "lod"],
                samplers: ["image"],
                shaderLanguage: language,
            },
        );
        looker.backFaceCulling = false;
        const plane = CreatePlane("plane", { size: 2 }, scene);
        plane.material = looker;
        plane.alwaysSelectAsActiveMesh = true;
    },

    acquire(size, options) {
        const startMs = performance.now();
        textures = acquireGroundTextures(scene, size, options);
        return performance.now() - startMs;
    },

    async untilReadyAsync() {
        const startMs = performance.now();
        let lastMs = startMs;
        let longestMs = 0;
        while (!textures!.isReady) {
            await frameAsync();
            longestMs = Math.max(longestMs, performance.now() - lastMs);
            lastMs = performance.now();
        }
        return { ms: performance.now() - startMs, longestMs };
    },

    state() {
        return {
            isReady: textures!.isReady,
            byteLength: textures!.byteLength,
            loadedTextures: engine.getLoadedTexturesCache().filter(({ is2DArray }) => is2DArray).length,
            workers,
        };
    },

    async look(which, layer, lod) {
        looker.setTexture("image", textures![which]);
        looker.setFloat("layer", layer);
        looker.setFloat("lod", lod);
        await scene.whenReadyAsync();
        engine.beginFrame();
        scene.render();
        engine.endFrame();
        const pixels = (await engine.readPixels(8, 8, 1, 1)) as Uint8Array;
        return [pixels[0]!, pixels[1]!, pixels[2]!, pixels[3]!];
    },

    async loseAsync() {
        const lose = (engine as Engine)._gl.getExtension("WEBGL_lose_context")!;
        const lost = new Promise((resolve) => engine.onContextLostObservable.addOnce(resolve));
        lose.loseContext();
        await lost;
        const restored = new Promise((resolve) => engine.onContextRestoredObservable.addOnce(resolve));
        setTimeout(() => lose.restoreContext(), 100);
        await restored;
    },

    dispose() {
        textures!.dispose();
    },
};
