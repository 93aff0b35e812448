import type { AbstractEngine } from "@babylonjs/core/Engines/abstractEngine.js";
import type { Material } from "@babylonjs/core/Materials/material.js";
import type { BaseTexture } from "@babylonjs/core/Materials/Textures/baseTexture.js";
import type { Texture } from "@babylonjs/core/Materials/Textures/texture.js";
import { Logger } from "@babylonjs/core/Misc/logger.js";
import { Observable, type Observer } from "@babylonjs/core/Misc/observable.js";
import type { Scene } from "@babylonjs/core/scene.js";
import { TerraneError } from "../../base/errors.js";
import { TextureDrawing, type DrawingWorkerOptions } from "../../runtime/textureDrawing.js";
import type { ConvertedLayer } from "../../textures/convertPictures.js";
import { planGround, type GroundLayer, type GroundPlan, type LayerPictures } from "./ground/groundPlan.js";
import { isSoftwareRenderer } from "./quality.js";
import { OwnLayers } from "./surfaces/ownLayers.js";
import { hasPixels, SwappedTexture, type TexturePixels } from "./swappedTexture.js";

/** Milliseconds between two uploads, so that a frame comes between. */
const UPLOAD_PAUSE_MS = 20;
const ANISOTROPY = 8;
/** Where a processor renders, which pays for each sample. */
const SOFTWARE_ANISOTROPY = 2;

/** Plain relief: level ground of middling roughness, and the cavity that layers have on average. */
const PLAIN_RELIEF = [128, 128, 20, 216];
const PLAIN_NOISE = [128, 128, 128, 128];

/** By engine and size: two engines share nothing. */
const shared = new WeakMap<AbstractEngine, Map<number, GroundTextures>>();
const texturesOf = new WeakMap<Material, GroundTextures>();

/** What textures hold: the layers, and pictures that some of them are made of. */
export interface GroundTexturesContent {
    readonly plan: Pick<GroundPlan, "layers" | "pictures">;
    /** Called for each set of pictures that is of no use. */
    readonly onError: (error: TerraneError) => void;
}

const DRAWN: GroundTexturesContent = { plan: planGround({ tileSize: 4 }), onError: () => undefined };

/**
 * Returns the textures of the ground for an engine: the same ones for all its materials that want this size and have no
 * pictures of their own. Each caller calls `dispose` once. The first call has them drawn.
 *
 * @param size texels along a side, 256 or 512
 * @param content default: the drawn layers
 * @throws TerraneError on WebGL 1, which has no texture arrays
 */
export function acquireGroundTextures(
    scene: Scene,
    size: number,
    workers: DrawingWorkerOptions = {},
    content: GroundTexturesContent = DRAWN,
): GroundTextures {
    const engine = scene.getEngine();
    if ((engine.shaderPlatformName as string | undefined) === "WEBGL1") {
        throw new TerraneError(
            "scene",
            "on WebGL 1",
            "WebGL 2 or WebGPU",
            "Pass a material of your own as options.material.",
        );
    }
    if (content.plan.pictures.length > 0) {
        const own = new GroundTextures(engine, size, workers, content);
        own.users++;
        return own;
    }
    let bySize = shared.get(engine);
    if (bySize === undefined) {
        bySize = new Map();
        shared.set(engine, bySize);
    }
    let textures = bySize.get(size);
    if (textures === undefined || textures.isDisposed) {
        textures = new GroundTextures(engine, size, workers, DRAWN);
        bySize.set(size, textures);
    }
    textures.users++;
    return textures;
}

/** Says which textures a material draws with, for worlds to count them. */
export function setGroundTextures(material: Material, textures: GroundTextures): void {
    texturesOf.set(material, textures);
}

/** Returns the bytes of the textures that a material was said to draw with; else 0. */
export function groundTextureBytesOf(material: Material | null): number {
    return (material !== null ? texturesOf.get(material)?.byteLength : undefined) ?? 0;
}

/**
 * The textures of the ground: two arrays with a layer for each of `TextureLayer`, and a noise. They are plain at first, a texel a
 * layer, and full once they are drawn; the texture objects stay the same.
 */
export class GroundTextures {
    /** Square roots of linear red, green and blue; height. */
    public readonly color: Texture;
    /** Slopes along u and v, second moment, cavity. */
    public readonly relief: Texture;
    /** Four noises of mean 0.5. */
    public readonly noise: Texture;
    /** Notifies when the full textures have taken the place of the plain ones. */
    public readonly onReadyObservable = new Observable<GroundTextures>();
    /** Of each layer: mean colour, linear, and what its surface's roughness is multiplied by. */
    public readonly means: number[];
    /** @internal Calls of `acquireGroundTextures` that nobody has disposed. */
    public users = 0;

    private readonly _swapped: readonly [SwappedTexture, SwappedTexture, SwappedTexture];
    private readonly _restored: Observer<AbstractEngine>;
    private readonly _engineDisposed: Observer<AbstractEngine>;
    private readonly _texturesLost: Observer<BaseTexture>[];
    private _drawing: TextureDrawing | null = null;
    private _own: OwnLayers | null = null;
    /** What is still made: drawn layers, and those of pictures. */
    private _unfinished = 0;
    /** Pixels that are drawn, until they are uploaded: color, relief. */
    private _drawn: TexturePixels[] = [];
    private _timer: ReturnType<typeof setTimeout> | undefined;
    private _isReady = false;
    private _hasFailed = false;
    private _isDisposed = false;

    /** @internal Use `acquireGroundTextures`. */
    public constructor(
        private readonly _engine: AbstractEngine,
        private readonly _size: number,
        private readonly _workers: DrawingWorkerOptions,
        private readonly _content: GroundTexturesContent,
    ) {
        const { layers } = _content.plan;
        this.means = layers.flatMap((layer) => [...layer.color, 1]);
        const [color, relief, noise] = plainPixels(layers);
        this._swapped = [
            new SwappedTexture("terrane ground color", _engine, color),
            new SwappedTexture("terrane ground relief", _engine, relief),
            new SwappedTexture("terrane noise", _engine, noise),
        ];
        [this.color, this.relief, this.noise] = this._swapped;
        this.anisotropy = isSoftwareRenderer(_engine) ? SOFTWARE_ANISOTROPY : ANISOTROPY;
        this._restored = _engine.onContextRestoredObservable.add(() => this._drawAgain());
        this._engineDisposed = _engine.onDisposeObservable.addOnce(() => this._end())!;
        // Somebody may dispose them with a material: whoever asks next gets new ones.
        this._texturesLost = this._swapped.map((texture) => texture.onDisposeObservable.addOnce(() => this._end())!);
        if (hasPixels(_engine)) {
            this._draw();
        } else {
            this._isReady = true;
        }
    }

    /** Whether the full textures are there. They are never on engines that draw nothing, which are ready at once. */
    public get isReady(): boolean {
        return this._isReady;
    }

    /** Whether they could not be drawn, and stay plain. */
    public get hasFailed(): boolean {
        return this._hasFailed;
    }

    public get isDisposed(): boolean {
        return this._isDisposed;
    }

    /** Bytes on the GPU, mips included. */
    public get byteLength(): number {
        return this._isDisposed ? 0 : this._swapped.reduce((sum, { byteLength }) => sum + byteLength, 0);
    }

    /** Samples along the longer side of a pixel's footprint, 1 to 16. Default: 8; 2 where a processor renders */
    public get anisotropy(): number {
        return this.color.anisotropicFilteringLevel;
    }

    public set anisotropy(value: number) {
        this.color.anisotropicFilteringLevel = value;
        this.relief.anisotropicFilteringLevel = value;
    }

    /** Gives up one acquisition. With the last, the textures go, drawn or not. */
    public dispose(): void {
        if (--this.users <= 0) {
            this._end();
        }
    }

    private _end(): void {
        if (this._isDisposed) {
            return;
        }
        this._isDisposed = true;
        this._isReady = false;
        this._stop();
        this._restored.remove();
        this._engineDisposed.remove();
        for (const observer of this._texturesLost) {
            observer.remove();
        }
        for (const texture of this._swapped) {
            texture.dispose();
        }
        this.onReadyObservable.clear();
    }

    private _stop(): void {
        clearTimeout(this._timer);
        void this._drawing?.endAsync();
        this._drawing = null;
        this._own?.end();
        this._own = null;
        this._drawn = [];
    }

    /** After a lost context nothing is left of the pixels. */
    private _drawAgain(): void {
        this._stop();
        this._isReady = false;
        plainPixels(this._content.plan.layers).forEach((pixels, i) => this._swapped[i]!.swap(pixels));
        this._draw();
    }

    private _draw(): void {
        const size = this._size;
        const { layers: all, pictures } = this._content.plan;
        const layers = all.length;
        const layerBytes = 4 * size * size;
        const color = new Uint8Array(layers * layerBytes);
        const relief = new Uint8Array(layers * layerBytes);
        all.forEach(({ color: plain }, layer) => {
            fillTexels(color, layer * layerBytes, layerBytes, plainColor(plain));
            fillTexels(relief, layer * layerBytes, layerBytes, PLAIN_RELIEF);
        });
        const made: [LayerPictures, ConvertedLayer][] = [];
        const onDone = (): void => {
            if (--this._unfinished > 0) {
                return;
            }
            // Over what is drawn, which stays where pictures are of no use.
            for (const [{ layers: places }, { image }] of made) {
                for (const layer of places) {
                    color.set(image.color, layer * layerBytes);
                    relief.set(image.relief, layer * layerBytes);
                }
            }
            this._drawn = [
                { bytes: color, size, layers },
                { bytes: relief, size, layers },
            ];
            this._uploadNext(0, made);
        };
        this._unfinished = pictures.length > 0 ? 2 : 1;
        this._drawing = new TextureDrawing(size, this._workers, {
            // At once: it says where each surface lies, so the plain tones lie where the pictures will.
            onNoise: (bytes) => this._swapped[2].swap({ bytes: bytes as Uint8Array<ArrayBuffer>, size, layers: 0 }),
            onLayer: (layer, layerColor, layerRelief) => {
                color.set(layerColor, layer * layerBytes);
                relief.set(layerRelief, layer * layerBytes);
            },
            onDone,
            onFailed: (message) => {
                this._hasFailed = true;
                this._warn(`The ground's textures cannot be drawn, and it stays plain: ${message}`);
            },
            onWarning: (message) => this._warn(message),
        });
        if (pictures.length > 0) {
            this._own = new OwnLayers(
                this._engine,
                size,
                this._workers.loadTimeoutMs,
                {
                    onLayer: (set, layer) => void made.push([set, layer]),
                    onFailed: (error) => this._content.onError(error),
                    onDone,
                },
                pictures,
            );
        }
    }

    /** Uploads one texture, and the next one in a later frame: together they would be a stall. */
    private _uploadNext(i: number, made: readonly [LayerPictures, ConvertedLayer][]): void {
        const pixels = this._drawn[i];
        if (pixels !== undefined) {
            this._swapped[i]!.swap(pixels);
            this._timer = setTimeout(() => this._uploadNext(i + 1, made), UPLOAD_PAUSE_MS);
            return;
        }
        this._drawn = [];
        this._drawing = null;
        this._own = null;
        this._takeMeans(made);
        this._isReady = true;
        this.onReadyObservable.notifyObservers(this);
    }

    private _takeMeans(made: readonly [LayerPictures, ConvertedLayer][]): void {
        for (const [set, { color, roughness }] of made) {
            const factor = roughness === null ? 1 : roughness / set.roughness;
            for (const layer of set.layers) {
                [...color, factor].forEach((value, channel) => (this.means[4 * layer + channel] = value));
            }
        }
    }

    private _warn(message: string): void {
        Logger.Warn(`Terrane: ${message}`);
    }
}

/** Returns a texel for each layer, with its mean colour, and one of noise. */
function plainPixels(layers: readonly GroundLayer[]): [TexturePixels, TexturePixels, TexturePixels] {
    const colors = layers.flatMap(({ color }) => plainColor(color));
    const reliefs = layers.flatMap(() => PLAIN_RELIEF);
    return [
        { bytes: Uint8Array.from(colors), size: 1, layers: layers.length },
        { bytes: Uint8Array.from(reliefs), size: 1, layers: layers.length },
        { bytes: Uint8Array.from(PLAIN_NOISE), size: 1, layers: 0 },
    ];
}

function plainColor(color: GroundLayer["color"]): number[] {
    return [...color.map((value) => Math.round(255 * Math.sqrt(value))), 128];
}

function fillTexels(bytes: Uint8Array, from: number, length: number, texel: readonly number[]): void {
    bytes.set(texel, from);
    for (let filled = 4; filled < length; filled *= 2) {
        bytes.copyWithin(from + filled, from, from + Math.min(filled, length - filled));
    }
}
