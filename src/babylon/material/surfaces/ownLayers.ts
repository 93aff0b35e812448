import type { AbstractEngine } from "@babylonjs/core/Engines/abstractEngine.js";
import { messageOf, TerraneError } from "../../../base/errors.js";
import { Turns } from "../../../runtime/turns.js";
import { convertPictures, type ConvertedLayer } from "../../../textures/convertPictures.js";
import { finishAsync } from "../../../textures/drawRequested.js";
import type { Picture, PictureSet } from "../../../textures/picture.js";
import type { LayerPictures } from "../ground/groundPlan.js";
import { readPictureAsync } from "./readPicture.js";

/** Told of each set of pictures, and of the end. */
export interface OwnLayersListener {
    /** Called with a layer and the pictures that it is made of. */
    onLayer(pictures: LayerPictures, layer: ConvertedLayer): void;
    /** Called where a set is of no use. The others follow all the same. */
    onFailed(error: TerraneError): void;
    /** Called after the last set. */
    onDone(): void;
}

/** Milliseconds a turn for converting on a thread that has frames to draw. */
const BUDGET_MS = 6;
const TIMEOUT_MS = 30_000;

/** Makes layers of somebody's pictures, one set after the other: reads them, and converts them a little at a time. */
export class OwnLayers {
    private readonly _end = new AbortController();
    private readonly _turns = new Turns(BUDGET_MS);

    public constructor(
        private readonly _engine: AbstractEngine,
        private readonly _size: number,
        private readonly _timeoutMs: number = TIMEOUT_MS,
        private readonly _listener: OwnLayersListener,
        pictures: readonly LayerPictures[],
    ) {
        void this._makeAsync(pictures);
    }

    /** Ends it at once. Nothing is told from now on. */
    public end(): void {
        this._end.abort();
    }

    private async _makeAsync(sets: readonly LayerPictures[]): Promise<void> {
        // All are asked for at once; whatever fails is told in its turn.
        const loading = sets.map((set) => this._readAsync(set));
        loading.forEach((read) => void read.catch(() => {}));
        for (const [i, set] of sets.entries()) {
            const layer = await this._layerAsync(set, loading[i]!);
            if (this._end.signal.aborted) {
                return;
            }
            if (layer instanceof TerraneError) {
                this._listener.onFailed(layer);
            } else if (layer !== null) {
                this._listener.onLayer(set, layer);
            }
        }
        this._listener.onDone();
    }

    private async _layerAsync(
        set: LayerPictures,
        loading: Promise<PictureSet>,
    ): Promise<ConvertedLayer | TerraneError | null> {
        try {
            const steps = convertPictures(await loading, { ...set, size: this._size });
            return await finishAsync(
                steps,
                () => this._turns.takeAsync(),
                () => this._end.signal.aborted,
            );
        } catch (error) {
            return error instanceof TerraneError
                ? error
                : new TerraneError(set.field, "pictures", "pictures", `They cannot be converted: ${messageOf(error)}`);
        }
    }

    private async _readAsync({ field, textures }: LayerPictures): Promise<PictureSet> {
        const read = (key: keyof typeof textures): Promise<Picture | undefined> => {
            const source = textures[key];
            return source === undefined
                ? Promise.resolve(undefined)
                : readPictureAsync(source, {
                      engine: this._engine,
                      field: `${field}.${key}`,
                      size: this._size,
                      timeoutMs: this._timeoutMs,
                      signal: this._end.signal,
                  });
        };
        const [albedo, normal, height, roughness] = await Promise.all([
            read("albedo"),
            read("normal"),
            read("height"),
            read("roughness"),
        ]);
        return { albedo: albedo!, normal, height, roughness };
    }
}
