import { Observable } from "../base/observable.js";
import type { BakeInfo } from "../store/loadProtocol.js";
import type { StoreStats } from "../store/storeStats.js";
import type { DownloadProgress } from "./downloads.js";
import type { WorldStores } from "./worldStores.js";

/** What a world has had from its stores, and waits for: for loading screens. */
export interface StoreProgress {
    /** Chunks that came from stores, since the world began. */
    readonly loadedChunks: number;
    /** Chunks that are being loaded, or wait for it. */
    readonly pendingChunks: number;
    /** Chunks that were baked and put into a store, since the world began. */
    readonly storedChunks: number;
    /** Chunks that are to be put into a store. */
    readonly unstoredChunks: number;
}

/** The stores of a world: what they hold, what they did, how far loading is. */
export class WorldStore {
    /** Notifies at the end of each frame in which `progress` has changed. */
    public readonly onProgressObservable = new Observable<StoreProgress>();
    /** Notifies of each chunk that a download has done with. */
    public readonly onDownloadProgressObservable = new Observable<DownloadProgress>();

    private _last: StoreProgress = NOTHING;

    /** @internal */
    public constructor(private readonly _stores: WorldStores) {}

    /** What the bake at `bakedUrl` says of itself; null without one. */
    public get bake(): BakeInfo | null {
        return this._stores.link.bake;
    }

    /** Whether there is a store that keeps what is put into it. */
    public get isWritable(): boolean {
        return this._stores.link.isWritable;
    }

    /** What each store did, in the order in which they are asked, as of a twentieth of a second ago at most. */
    public get stats(): readonly StoreStats[] {
        return this._stores.link.stats;
    }

    /** How far loading is: a new plain object. */
    public get progress(): StoreProgress {
        const { source, writer } = this._stores;
        return {
            loadedChunks: source.loadedCount,
            pendingChunks: source.pendingCount + source.loadingCount,
            storedChunks: writer.storedCount,
            unstoredChunks: writer.pendingCount,
        };
    }

    /**
     * Asks the browser to keep what is stored when disks run full, which it may ask the user about. Resolves with whether it
     * will; false where there is no such question.
     */
    public persistAsync(): Promise<boolean> {
        return this._stores.link.persistAsync();
    }

    /** @internal The frame is drawn. */
    public endFrame(): void {
        if (!this.onProgressObservable.hasObservers()) {
            return;
        }
        const { source, writer } = this._stores;
        const { _last: last } = this;
        // Number by number: most frames change nothing, and make nothing.
        const isSame =
            last.loadedChunks === source.loadedCount &&
            last.pendingChunks === source.pendingCount + source.loadingCount &&
            last.storedChunks === writer.storedCount &&
            last.unstoredChunks === writer.pendingCount;
        if (!isSame) {
            this._last = this.progress;
            this.onProgressObservable.notifyObservers(this._last);
        }
    }

    /** @internal */
    public dispose(): void {
        this.onProgressObservable.clear();
        this.onDownloadProgressObservable.clear();
    }
}

const NOTHING: StoreProgress = { loadedChunks: 0, pendingChunks: 0, storedChunks: 0, unstoredChunks: 0 };
