import { initHashAsync } from "../base/hash.js";
import { DRAWING_VERSION } from "./drawLayer.js";
import type { LayerImage } from "./encodeLayer.js";
import { decodeLayerFile, encodeLayerFile } from "./layerFile.js";

const CACHE = "terrane-textures";
/** Caches want addresses. Nothing is asked for at this one. */
const ADDRESS = "https://terrane.invalid/textures";

/** Drawn layers in the browser's cache. Nothing in it ever throws: a cache that fails is one that is empty. */
export class LayerCache {
    private _isTidy = false;

    private constructor(private readonly _cache: Cache) {}

    /** Opens the cache of this origin. Resolves with null where there is none, as on origins that are not secure. */
    public static async OpenAsync(): Promise<LayerCache | null> {
        try {
            await initHashAsync();
            return new LayerCache(await globalThis.caches.open(CACHE));
        } catch {
            return null;
        }
    }

    /** Resolves with a layer that was kept, whole and of this version; else with null. */
    public async getAsync(layer: number, size: number): Promise<LayerImage | null> {
        try {
            const response = await this._cache.match(addressOf(layer, size));
            if (response === undefined) {
                return null;
            }
            const file = new Uint8Array(await response.arrayBuffer());
            return decodeLayerFile(file, { drawing: DRAWING_VERSION, layer, size });
        } catch {
            return null;
        }
    }

    /** Keeps a layer, if there is room. */
    public async putAsync(layer: number, size: number, image: LayerImage): Promise<void> {
        try {
            const file = encodeLayerFile({ drawing: DRAWING_VERSION, layer, size }, image);
            await this._tidyAsync();
            await this._cache.put(addressOf(layer, size), new Response(file));
        } catch {
            // A full disk, or a browser that forbids it: the layer is drawn again next time.
        }
    }

    /** Deletes what older versions have left, once. */
    private async _tidyAsync(): Promise<void> {
        if (this._isTidy) {
            return;
        }
        this._isTidy = true;
        for (const request of await this._cache.keys()) {
            const [drawing] = request.url.slice(ADDRESS.length + 1).split("/");
            if (!(Number(drawing) >= DRAWING_VERSION)) {
                await this._cache.delete(request);
            }
        }
    }
}

function addressOf(layer: number, size: number): string {
    return `${ADDRESS}/${DRAWING_VERSION}/${size}/${layer}`;
}
