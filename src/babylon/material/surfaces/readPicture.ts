import type { AbstractEngine } from "@babylonjs/core/Engines/abstractEngine.js";
import "@babylonjs/core/Engines/Extensions/engine.readTexture.js";
import type { BaseTexture } from "@babylonjs/core/Materials/Textures/baseTexture.js";
import { messageOf, TerraneError } from "../../../base/errors.js";
import { faultOfPicture, MOST_PICTURE_SIZE, type Picture } from "../../../textures/picture.js";
import type { SurfacePicture } from "./surfaceOptions.js";

/** How a picture is read. */
export interface PictureReading {
    readonly engine: AbstractEngine;
    /** Where it stands, for messages. */
    readonly field: string;
    /** Texels that are of use along a side: pictures from addresses are shrunk to them. */
    readonly size: number;
    /** Milliseconds after which a picture that does not come is given up. */
    readonly timeoutMs: number;
    /** Ends it. */
    readonly signal: AbortSignal;
}

/** Milliseconds between two looks at a texture that is not there yet. */
const LOOK_MS = 50;
const ALLOWED = `a square picture of 1 to ${MOST_PICTURE_SIZE} texels a side, 8 bits a channel`;
const STAYS = "The default layer stays.";

/**
 * Reads a picture, wherever it is.
 *
 * @throws TerraneError where it cannot be had, in time or at all, or is of a kind that layers are not made of
 * @throws the signal's reason where that ended it
 */
export async function readPictureAsync(source: SurfacePicture, reading: PictureReading): Promise<Picture> {
    const { field, signal, timeoutMs } = reading;
    const until = new AbortController();
    const end = (): void => until.abort();
    const timer = setTimeout(end, timeoutMs);
    signal.addEventListener("abort", end);
    try {
        const picture = await readAsync(source, reading, until.signal);
        const fault = faultOfPicture(picture);
        if (fault !== null) {
            throw new PictureFault(`It has ${fault}.`);
        }
        return picture;
    } catch (error) {
        signal.throwIfAborted();
        const cause = until.signal.aborted ? `It has not come within ${timeoutMs / 1000} s.` : sentenceOf(error);
        throw new TerraneError(field, nameOf(source), ALLOWED, `${cause} ${STAYS}`);
    } finally {
        clearTimeout(timer);
        signal.removeEventListener("abort", end);
    }
}

/** Why a picture is of no use, as a sentence. */
class PictureFault extends Error {}

function sentenceOf(error: unknown): string {
    return error instanceof PictureFault ? error.message : `It cannot be read: ${messageOf(error).replace(/\.$/, "")}.`;
}

function nameOf(source: SurfacePicture): unknown {
    if (typeof source === "string") {
        return source;
    }
    return "readPixels" in source ? `texture ${source.name}` : `${source.width} x ${source.height} texels`;
}

function readAsync(source: SurfacePicture, reading: PictureReading, until: AbortSignal): Promise<Picture> {
    if (typeof source === "string") {
        return loadAsync(source, reading, until);
    }
    return "readPixels" in source ? readTextureAsync(source, until) : Promise.resolve(source);
}

async function loadAsync(url: string, { engine, size }: PictureReading, until: AbortSignal): Promise<Picture> {
    const response = await fetch(url, { signal: until });
    if (!response.ok) {
        throw new PictureFault(`The server answers ${response.status}.`);
    }
    const bitmap = await createImageBitmap(await response.blob(), {
        premultiplyAlpha: "none",
        colorSpaceConversion: "none",
    });
    try {
        const { width, height } = bitmap;
        if (width !== height) {
            throw new PictureFault(`It has ${width} x ${height} texels.`);
        }
        // Layers are small: what is larger would take memory and time for nothing.
        const side = Math.min(width, size);
        const canvas = engine.createCanvas(side, side);
        const context = canvas.getContext("2d") as unknown as CanvasRenderingContext2D;
        context.imageSmoothingQuality = "high";
        context.drawImage(bitmap, 0, 0, side, side);
        const { data } = context.getImageData(0, 0, side, side);
        return { data, width: side, height: side };
    } finally {
        bitmap.close();
    }
}

async function readTextureAsync(texture: BaseTexture, until: AbortSignal): Promise<Picture> {
    while (!texture.isReady()) {
        if (texture.loadingError) {
            throw new PictureFault(`It cannot be loaded: ${texture.errorObject?.message ?? "no reason is given"}.`);
        }
        if (texture.getInternalTexture() === null) {
            throw new PictureFault("It is disposed.");
        }
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
        until.throwIfAborted();
    }
    if (texture.isCube || texture.is3D || texture.is2DArray) {
        throw new PictureFault("It is a cube, an array or a volume.");
    }
    const { width, height } = texture.getSize();
    const pixels = await texture.readPixels();
    if (!(pixels instanceof Uint8Array || pixels instanceof Uint8ClampedArray)) {
        throw new PictureFault("It has other than 8 bits a channel.");
    }
    return { data: turned(pixels, width, height), width, height };
}

/** Returns rows in the other order: textures begin below. */
function turned(pixels: Uint8Array | Uint8ClampedArray, width: number, height: number): Uint8Array {
    const row = (pixels.length / (width * height)) * width;
    const result = new Uint8Array(pixels.length);
    for (let y = 0; y < height; y++) {
        result.set(pixels.subarray(y * row, (y + 1) * row), (height - 1 - y) * row);
    }
    return result;
}
