// A plain seen from above, without light: `window.surfaces` draws it with surfaces of somebody's own.
import "@babylonjs/core/Engines/WebGPU/Extensions/index.js";
import { FreeCamera } from "@babylonjs/core/Cameras/freeCamera.js";
import type { AbstractEngine } from "@babylonjs/core/Engines/abstractEngine.js";
import { Engine } from "@babylonjs/core/Engines/engine.js";
import { WebGPUEngine } from "@babylonjs/core/Engines/webgpuEngine.js";
import { RawTexture } from "@babylonjs/core/Materials/Textures/rawTexture.js";
import { Texture } from "@babylonjs/core/Materials/Textures/texture.js";
import { Vector3 } from "@babylonjs/core/Maths/math.vector.js";
import { Scene } from "@babylonjs/core/scene.js";
import { stubDrawing } from "./stubDrawing.js";
import { CreateTerrainWorldAsync } from "../../../src/babylon/createTerrainWorld.js";
import type { SurfacePicture, SurfacesOptions } from "../../../src/babylon/material/surfaces/surfaceOptions.js";
import { createTerrainMaterial, TerrainMaterialPlugin } from "../../../src/babylon/material/terrainMaterialPlugin.js";
import type { TerrainWorld } from "../../../src/babylon/terrainWorld.js";
import { parseRecipe } from "../../../src/recipe/parseRecipe.js";
import type { BiomeRule } from "../../../src/recipe/surfaceRule.js";

/** A picture of two halves, and how it is handed over. */
export interface HalvesPicture {
    readonly kind: "array" | "address" | "texture";
    /** sRGB bytes: of the upper half, to the north, and the lower. */
    readonly north: readonly [number, number, number];
    readonly south: readonly [number, number, number];
}

/** Surfaces whose pictures are made here: what stands in place of a picture is handed over as it is. */
export type Surfaces = Readonly<
    Record<string, Record<string, unknown> & { textures?: Readonly<Record<string, HalvesPicture | string>> }>
>;

export interface Drawing {
    /** Mean linear colour. */
    readonly mean: readonly [number, number, number];
    readonly errors: readonly string[];
    /** Bytes of the ground's textures. */
    readonly textureBytes: number;
    /** Mean of the northern half of one tile, and of its southern half, where the camera is near. */
    readonly halves: readonly [readonly number[], readonly number[]];
}

export interface SurfacesPage {
    openAsync(isWebGpu: boolean): Promise<void>;
    /** @param height metres above the ground from which it is seen */
    drawAsync(surfaces: Surfaces, biomes?: readonly BiomeRule[], height?: number): Promise<Drawing>;
    /** Makes a material, and disposes it before its pictures are there. Returns how many of its requests came to an end. */
    disposeEarlyAsync(surfaces: Surfaces): Promise<readonly string[]>;
}

declare global {
    interface Window {
        surfaces: SurfacesPage;
    }
}

const SIZE = 64;
const PICTURE = 32;
/** Gently rolling, far above the sea, below snow. */
const RECIPE = {
    id: "plain",
    seed: 3,
    caves: { enabled: false },
    water: { enabled: false },
    terrain: {
        plainsHeight: 0,
        mountainHeight: 0,
        rangeHeight: 0,
        macro: {
            continentSpline: [
                [-1, 50],
                [1, 51],
            ],
        },
    },
} as const;

let engine: AbstractEngine;
let scene: Scene;
let camera: FreeCamera;
let world: TerrainWorld;

async function pictureOf({ kind, north, south }: HalvesPicture): Promise<SurfacePicture> {
    const data = new Uint8ClampedArray(4 * PICTURE * PICTURE).fill(255);
    for (let at = 0; at < PICTURE * PICTURE; at++) {
        data.set(at < (PICTURE * PICTURE) / 2 ? north : south, 4 * at);
    }
    if (kind === "array") {
        return { data, width: PICTURE, height: PICTURE };
    }
    if (kind === "texture") {
        return RawTexture.CreateRGBATexture(new Uint8Array(data), PICTURE, PICTURE, scene, false, true);
    }
    const canvas = document.createElement("canvas");
    canvas.width = PICTURE;
    canvas.height = PICTURE;
    canvas.getContext("2d")!.putImageData(new ImageData(data, PICTURE, PICTURE), 0, 0);
    return URL.createObjectURL(await new Promise<Blob>((resolve) => canvas.toBlob((blob) => resolve(blob!))));
}

async function madeAsync(surfaces: Surfaces): Promise<SurfacesOptions> {
    const made: Record<string, unknown> = {};
    for (const [name, surface] of Object.entries(surfaces)) {
        const textures: Record<string, SurfacePicture> = {};
        for (const [key, picture] of Object.entries(surface.textures ?? {})) {
            textures[key] =
                typeof picture === "object" && "kind" in picture
                    ? await pictureOf(picture)
                    : typeof picture === "string" && picture.startsWith("texture:")
                      ? new Texture(picture.slice(8), scene)
                      : (picture as SurfacePicture);
        }
        made[name] = { ...surface, ...(surface.textures !== undefined && { textures }) };
    }
    return made as SurfacesOptions;
}

function frameAsync(): Promise<void> {
    return new Promise((resolve) => {
        requestAnimationFrame(() => {
            engine.beginFrame();
            scene.render();
            engine.endFrame();
            resolve();
        });
    });
}

function linear(byte: number): number {
    const value = byte / 255;
    return value ** 2.2;
}

window.surfaces = {
    async openAsync(isWebGpu) {
        const canvas = document.createElement("canvas");
        canvas.width = SIZE;
        canvas.height = SIZE;
        if (isWebGpu) {
            const made = new WebGPUEngine(canvas, {});
            await made.initAsync();
            engine = made;
        } else {
            engine = new Engine(canvas, false, { preserveDrawingBuffer: true });
        }
        scene = new Scene(engine);
        camera = new FreeCamera("camera", Vector3.Zero(), scene);
        camera.minZ = 0.1;
        camera.rotation.set(Math.PI / 2, 0, 0);
        world = await CreateTerrainWorldAsync("world", scene, {
            recipe: RECIPE,
            material: null,
            viewDistance: 100,
            workers: 1,
        });
    },

    async drawAsync(surfaces, biomes = [], height = 30) {
        const recipe = parseRecipe({ ...RECIPE, materials: { biomes } });
        const material = createTerrainMaterial("land", scene, recipe, {
            quality: "low",
            surfaces: await madeAsync(surfaces),
        });
        material.unlit = true;
        const plugin = TerrainMaterialPlugin.Of(material)!;
        const errors: string[] = [];
        plugin.onErrorObservable.add((error) => void errors.push(error.message));
        world.material = material;
        // In the middle of a tile of 8 m.
        camera.position.set(4, world.sampleHeight(4, 4) + height, 4);
        let isReady = false;
        void world.whenReadyAsync().then(() => (isReady = true));
        const restore = stubDrawing(engine);
        while (!isReady || !plugin.isComplete || !scene.isReady()) {
            await frameAsync();
        }
        restore();
        // What is drawn for the first time may be compiled then.
        for (let calm = 0; calm < 3; calm = scene.isReady() ? calm + 1 : 0) {
            await frameAsync();
        }
        const pixels = (await engine.readPixels(0, 0, SIZE, SIZE)) as Uint8Array;
        const sums = [
            [0, 0, 0],
            [0, 0, 0],
        ];
        for (let at = 0; at < SIZE * SIZE; at++) {
            for (let channel = 0; channel < 3; channel++) {
                // WebGL reads rows from below, WebGPU from above.
                const isNorth = at >= (SIZE * SIZE) / 2 !== engine.isWebGPU;
                sums[isNorth ? 0 : 1]![channel]! += linear(pixels[4 * at + channel]!) / ((SIZE * SIZE) / 2);
            }
        }
        const [north, south] = sums as [number[], number[]];
        const { textureBytes } = world.getStats();
        world.material = null;
        material.dispose();
        return {
            mean: north.map((value, channel) => (value + south[channel]!) / 2) as unknown as Drawing["mean"],
            halves: [north, south],
            errors,
            textureBytes,
        };
    },

    async disposeEarlyAsync(surfaces) {
        const errors: string[] = [];
        const before = engine.getLoadedTexturesCache().length;
        const material = createTerrainMaterial("land", scene, world.recipe, { surfaces: await madeAsync(surfaces) });
        const plugin = TerrainMaterialPlugin.Of(material)!;
        plugin.onErrorObservable.add((error) => void errors.push(error.message));
        world.material = material;
        await frameAsync();
        await new Promise((resolve) => setTimeout(resolve, 30));
        world.material = null;
        material.dispose();
        for (let i = 0; i < 30; i++) {
            await frameAsync();
        }
        const left = engine.getLoadedTexturesCache().length - before;
        return left === 0 ? errors : [...errors, `${left} textures are left`];
    },
};
