import type { AbstractEngine } from "@babylonjs/core/Engines/abstractEngine.js";
import { Constants } from "@babylonjs/core/Engines/constants.js";
import "@babylonjs/core/Engines/Extensions/engine.rawTexture.js";
import type { InternalTexture } from "@babylonjs/core/Materials/Textures/internalTexture.js";
import { Texture } from "@babylonjs/core/Materials/Textures/texture.js";

/** RGBA, 8 bits a channel: one picture, or the layers of an array one after another. */
export interface TexturePixels {
    readonly bytes: Uint8Array;
    /** Texels along a side. */
    readonly size: number;
    /** Layers of an array; 0 for a texture that is none. */
    readonly layers: number;
}

/**
 * A texture whose picture can be replaced by one of another size, so that a material has the same texture for good. It
 * repeats, has mips, and belongs to an engine, not to a scene: what clears one scene leaves it alone. Nothing stays on the CPU.
 */
export class SwappedTexture extends Texture {
    private _byteLength = 0;

    public constructor(
        name: string,
        private readonly _owner: AbstractEngine,
        pixels: TexturePixels,
    ) {
        super(null, _owner, false, false, Texture.TRILINEAR_SAMPLINGMODE);
        this.name = name;
        this.gammaSpace = false;
        this.wrapU = Texture.WRAP_ADDRESSMODE;
        this.wrapV = Texture.WRAP_ADDRESSMODE;
        this.swap(pixels);
    }

    /** Bytes on the GPU, mips included. */
    public get byteLength(): number {
        return this._byteLength;
    }

    /** Shows other pixels from now on. */
    public swap({ bytes, size, layers }: TexturePixels): void {
        const before = this._texture;
        this._texture = createInternal(this._owner, bytes, size, layers);
        // Babylon's NullEngine leaves it open.
        this._texture.isReady = true;
        // Kept for lost contexts; whoever owns this has the picture drawn again.
        this._texture._bufferView = null;
        this._byteLength = bytesWithMips(size, Math.max(1, layers));
        before?.dispose();
    }
}

function createInternal(engine: AbstractEngine, bytes: Uint8Array, size: number, layers: number): InternalTexture {
    const { TEXTUREFORMAT_RGBA: format } = Constants;
    const sampling = Texture.TRILINEAR_SAMPLINGMODE;
    if (layers > 0 && hasPixels(engine)) {
        return engine.createRawTexture2DArray(bytes, size, size, layers, format, true, false, sampling);
    }
    return engine.createRawTexture(bytes, size, size, format, true, false, sampling);
}

/** Returns whether an engine draws: Babylon's NullEngine does not, and knows no texture arrays. */
export function hasPixels(engine: AbstractEngine): boolean {
    return (engine.shaderPlatformName as string | undefined) !== undefined;
}

/** Returns the bytes of square RGBA pictures and all their mips, in 8 bits a channel. */
export function bytesWithMips(size: number, layers: number): number {
    let bytes = 0;
    for (let side = size; side >= 1; side = Math.floor(side / 2)) {
        bytes += 4 * side * side * layers;
    }
    return bytes;
}
