import { FreeCamera } from "@babylonjs/core/Cameras/freeCamera.js";
import { Engine } from "@babylonjs/core/Engines/engine.js";
import { DirectionalLight } from "@babylonjs/core/Lights/directionalLight.js";
import { HemisphericLight } from "@babylonjs/core/Lights/hemisphericLight.js";
import { StandardMaterial } from "@babylonjs/core/Materials/standardMaterial.js";
import { Color4 } from "@babylonjs/core/Maths/math.color.js";
import { Vector3 } from "@babylonjs/core/Maths/math.vector.js";
import { Scene } from "@babylonjs/core/scene.js";
import { ChunkMeshPool } from "../../src/babylon/chunkMeshPool.js";
import { createTerrainMaterial } from "../../src/babylon/material/terrainMaterialPlugin.js";
import type { PooledChunk } from "../../src/babylon/pooledChunk.js";
import { ChunkBaker } from "../../src/bake/chunkBaker.js";
import { readChunkHeader, writeChunkHeader } from "../../src/format/chunkData.js";
import { compileKernelsAsync } from "../../src/kernels/kernelModule.js";
import { createKernels } from "../../src/kernels/kernels.js";
import { Presets } from "../../src/recipe/presets.js";
import { flatAddress, type ChunkAddress } from "../../src/space/chunkAddress.js";
import { Random } from "../support/randomRecipe.js";
import { HEIGHT, WIDTH } from "./blocks.js";

export interface OverlaySetup {
    readonly seed: number;
    readonly isMultisampled: boolean;
    readonly steps: number;
    /** Terrane's own look in place of a plain material, which takes a software renderer ten times as long. */
    readonly hasOwnLook: boolean;
}

/** What was drawn of two landscapes that fade into each other. */
export interface Overlay {
    /** Samples a pixel, as the context has them. */
    readonly samples: number;
    /** Pixels by which the two differ. */
    readonly different: number;
    readonly fusedChunks: number;
    /** Pixels of the clear colour, all steps taken together. */
    readonly holes: number;
    /** Pixels that are as neither landscape has them. */
    readonly neither: number;
    /** The most by which the share of pixels of what comes is off the share of the time. */
    readonly mostOff: number;
    /** Pixels that are not as they should be when it is over. */
    readonly wrongAtEnd: number;
}

/** Chunks along a landscape's side. */
const SIDE = 3;
/** Metres from the eye to the middle of the land below it: so near that the land fills the picture. */
const ABOVE = 60;
const TILT = 0.25;
/** 0xAABBGGRR: no land has it. */
const CLEAR = 0xffff00ff;
const MOST_FRAMES = 600;
const RESOLUTION = 64;

interface Land {
    readonly address: ChunkAddress;
    readonly bytes: Uint8Array;
}

/** Draws two landscapes over each other by a pool of chunks, in all steps of a fade from one to the other. */
export async function overlayAsync({ seed, isMultisampled, steps, hasOwnLook }: OverlaySetup): Promise<Overlay> {
    const canvas = document.createElement("canvas");
    canvas.width = WIDTH;
    canvas.height = HEIGHT;
    const engine = new Engine(canvas, isMultisampled, { preserveDrawingBuffer: true });
    const scene = new Scene(engine);
    scene.clearColor = new Color4(1, 0, 1, 1);
    new DirectionalLight("sun", new Vector3(1, -0.6, 0.5), scene);
    new HemisphericLight("sky", Vector3.Up(), scene).intensity = 0.3;
    const random = new Random(seed);
    const [first, second] = [await bakeLandAsync(random), await bakeLandAsync(random)];
    const camera = new FreeCamera(
        "camera",
        new Vector3((SIDE / 2) * 64, ABOVE, (SIDE / 2) * 64 - ABOVE * Math.tan(TILT)),
        scene,
    );
    camera.rotation.x = Math.PI / 2 - TILT;
    camera.minZ = 1;

    const material = hasOwnLook ? createTerrainMaterial("land", scene, Presets.caves()) : createPlain(scene);
    const pool = new ChunkMeshPool(scene, { name: "land", resolution: RESOLUTION, material, receiveShadows: false });
    pool.fades = true;
    const uploadAll = (land: readonly Land[]): PooledChunk[] =>
        land.map(({ address, bytes }) => pool.upload(address, bytes));
    const [going, coming] = [uploadAll(first), uploadAll(second)];

    coming.forEach((chunk) => pool.show(chunk));
    const after = await settledAsync(scene, pool);
    coming.forEach((chunk) => pool.hide(chunk));
    going.forEach((chunk) => pool.show(chunk));
    const before = await settledAsync(scene, pool);

    const fade = { progress: 0 };
    going.forEach((chunk) => pool.hide(chunk, fade));
    coming.forEach((chunk) => pool.show(chunk, fade));
    let [holes, neither, mostOff] = [0, 0, 0];
    for (let step = 0; step <= steps; step++) {
        fade.progress = step / steps;
        const pixels = await pictureAsync(scene);
        let come = 0;
        let changing = 0;
        for (let i = 0; i < pixels.length; i++) {
            const pixel = pixels[i]!;
            holes += pixel === CLEAR ? 1 : 0;
            neither += pixel !== before[i] && pixel !== after[i] ? 1 : 0;
            if (before[i] !== after[i]) {
                changing++;
                come += pixel === after[i] ? 1 : 0;
            }
        }
        mostOff = Math.max(mostOff, Math.abs(come / changing - fade.progress));
    }
    pool.endFade(fade);
    const end = await pictureAsync(scene);
    const context = canvas.getContext("webgl2")!;
    const overlay = {
        samples: Number(context.getParameter(context.SAMPLES)),
        different: countDifferent(before, after),
        fusedChunks: [...going, ...coming].filter((chunk) => !chunk.isHeightGrid).length,
        holes,
        neither,
        mostOff,
        wrongAtEnd: countDifferent(after, end),
    };
    pool.dispose();
    scene.dispose();
    engine.dispose();
    return overlay;
}

function createPlain(scene: Scene): StandardMaterial {
    const material = new StandardMaterial("plain", scene);
    material.specularColor.set(0, 0, 0);
    return material;
}

/** Bakes a square of chunks of any world, and lays it around the origin: its middle at height 0. */
async function bakeLandAsync(random: Random): Promise<Land[]> {
    const kernels = createKernels(await compileKernelsAsync());
    const baker = new ChunkBaker(Presets.caves({ seed: random.whole(1, 2 ** 31) }), kernels);
    const [atX, atZ] = [random.whole(-200, 200), random.whole(-200, 200)];
    const land: Land[] = [];
    let middle = 0;
    for (let i = 0; i < SIDE * SIDE; i++) {
        const [x, z] = [i % SIDE, Math.floor(i / SIDE)];
        const { buffer, byteLength } = baker.bake(flatAddress(0, atX + x, atZ + z), new ArrayBuffer(0));
        const bytes = new Uint8Array(buffer, 0, byteLength);
        const header = readChunkHeader(bytes);
        if (i === 0) {
            middle = Math.round(header.origin.y / header.quantum) * header.quantum;
        }
        const address = flatAddress(0, x, z);
        const origin = { x: x * 64, y: header.origin.y - middle, z: z * 64 };
        writeChunkHeader(bytes, { ...header, address, origin });
        land.push({ address, bytes });
    }
    return land;
}

/** Renders until the picture stays as it is, and fades can begin. */
async function settledAsync(scene: Scene, pool: ChunkMeshPool): Promise<Uint32Array> {
    let calm = 0;
    let last: Uint32Array = new Uint32Array(0);
    for (let frame = 0; frame < MOST_FRAMES; frame++) {
        const pixels = await pictureAsync(scene);
        calm = pool.canFade && countDifferent(last, pixels) === 0 ? calm + 1 : 0;
        if (calm === 4) {
            return pixels;
        }
        last = pixels;
        pool.update();
    }
    throw new Error("The land is not drawn, or cannot fade.");
}

async function pictureAsync(scene: Scene): Promise<Uint32Array> {
    const engine = scene.getEngine();
    engine.beginFrame();
    scene.render();
    engine.endFrame();
    await new Promise((resolve) => setTimeout(resolve));
    const { buffer, byteOffset, byteLength } = await engine.readPixels(0, 0, WIDTH, HEIGHT);
    return new Uint32Array(buffer.slice(byteOffset, byteOffset + byteLength));
}

function countDifferent(one: Uint32Array, other: Uint32Array): number {
    let count = Math.abs(one.length - other.length);
    for (let i = 0; i < Math.min(one.length, other.length); i++) {
        count += one[i] === other[i] ? 0 : 1;
    }
    return count;
}
