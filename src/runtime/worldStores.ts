import { throwProblems } from "../base/errors.js";
import type { BufferPool } from "../memory/bufferPool.js";
import type { StoreBakes } from "../options/storeOptions.js";
import type { PerformanceProfiler } from "../profiler/performanceProfiler.js";
import type { Recipe } from "../recipe/recipe.js";
import type { ChunkRecord } from "../residency/chunkRecord.js";
import type { ChunkAddress } from "../space/chunkAddress.js";
import type { Topology } from "../space/topology.js";
import type { ChunkEvent } from "../store/loadProtocol.js";
import { faultOfLevels } from "./bakedLevels.js";
import type { ChunkRequestCallback } from "./chunkRequests.js";
import { Downloads } from "./downloads.js";
import { LoadTimes } from "./loadTimes.js";
import { StoreContents } from "./storeContents.js";
import type { StoreLink, StoreListener } from "./storeLink.js";
import { StoreSource } from "./storeSource.js";
import { StoreWriter } from "./storeWriter.js";

export interface WorldStoresParts {
    readonly link: StoreLink;
    /** Whether what no store has is baked. */
    readonly bakes: boolean;
    readonly storeBakes: StoreBakes;
    /** Whether only what a root hash proves is taken from stores. */
    readonly isPinned: boolean;
}

/** What a world brings to its stores. */
export interface StoreSurroundings {
    readonly pool: BufferPool;
    readonly profiler: PerformanceProfiler;
    /** First guess of a chunk's bytes. */
    readonly bufferBytes: number;
    /** Returns the record of a chunk; undefined where nothing is known of it. */
    find(key: number): ChunkRecord | undefined;
    /** Returns whether so many bytes more fit the memory limit. */
    hasRoomFor(bytes: number): boolean;
    /** Asks for a chunk's data after everything that viewers need. */
    request(address: ChunkAddress, callback: ChunkRequestCallback): void;
}

/** Ties a world's stores together: what they have, what is loaded from them, put into them and downloaded. */
export class WorldStores implements StoreListener {
    public readonly link: StoreLink;
    public readonly bakes: boolean;
    /** Which chunks stores have. */
    public readonly contents = new StoreContents();
    /** Levels of which stores have chunks. Known once `beginAsync` has resolved. */
    public readonly levels = new Set<number>();
    /** Version of the generator that made the chunks. */
    public generatorVersion = 0;
    private readonly _storeBakes: StoreBakes;
    private readonly _isPinned: boolean;
    private _parts: { source: StoreSource; writer: StoreWriter; downloads: Downloads } | null = null;
    private _onBegun: (() => void)[] = [];

    public constructor({ link, bakes, storeBakes, isPinned }: WorldStoresParts) {
        this._isPinned = isPinned;
        this.link = link;
        this.bakes = bakes;
        this._storeBakes = storeBakes;
        link.listener = this;
    }

    public get source(): StoreSource {
        return this._parts!.source;
    }

    public get writer(): StoreWriter {
        return this._parts!.writer;
    }

    public get downloads(): Downloads {
        return this._parts!.downloads;
    }

    /** Says whose chunks are meant from now on. Resolves when it is known which there are, or that this cannot be known. */
    public beginAsync(recipe: Recipe, generatorVersion: number): Promise<void> {
        this.generatorVersion = generatorVersion;
        this.contents.clear();
        this._parts?.writer.clear();
        return new Promise((resolve) => {
            this._onBegun.push(resolve);
            this.link.setWorld(recipe, generatorVersion);
        });
    }

    /**
     * Throws a `TerraneError` where nothing is baked, and stores have not all levels that a view distance needs.
     *
     * @param field where the view distance was given, for the message
     */
    public assertViewDistance(topology: Topology, viewDistance: number, field: string): void {
        const problem = this.bakes ? null : faultOfLevels([...this.levels], topology, viewDistance, field);
        if (problem !== null) {
            throwProblems([problem]);
        }
    }

    /** Makes the source of chunks that rest in stores. */
    public attach(world: StoreSurroundings): StoreSource {
        const { link, contents, bakes, _storeBakes: storeBakes } = this;
        const times = new LoadTimes();
        const writer = new StoreWriter({ link, contents, times, storeBakes, ...world });
        const downloads = new Downloads({
            link,
            bakes: bakes && !this._isPinned,
            onStored: (address) => contents.add(address),
            ...world,
        });
        const source = new StoreSource({ link, contents, writer, times, isLast: !bakes, ...world });
        this._parts = { source, writer, downloads };
        return source;
    }

    public onEvent(event: ChunkEvent): void {
        if ("world" in event && event.world !== this.link.world) {
            return;
        }
        switch (event.kind) {
            case "world":
                this.contents.begin(event);
                this._countLevels(event);
                this._onBegun.splice(0).forEach((resolve) => resolve());
                break;
            case "held":
                if (this.contents.take(event.blocks)) {
                    this._parts?.source.retryLater();
                }
                break;
            case "answer":
                this._parts?.source.onAnswer(event);
                break;
            case "stored":
                if (this._parts?.downloads.onStored(event) === false) {
                    this._parts.writer.onStored(event);
                }
                break;
            case "downloaded":
                this._parts?.downloads.onDownloaded(event);
                break;
        }
    }

    public onHandled(): void {
        this._parts?.source.onHandled();
    }

    public onLost(): void {
        this._onBegun.splice(0).forEach((resolve) => resolve());
        this._parts?.writer.onLost();
        this._parts?.downloads.onLost();
        this._parts?.source.onLost();
    }

    public dispose(): void {
        this.link.listener = null;
        this._onBegun.splice(0).forEach((resolve) => resolve());
        this._parts?.downloads.dispose();
        this._parts?.writer.onLost();
        this.contents.blocks.close();
    }

    private _countLevels({ blocks, isComplete }: Extract<ChunkEvent, { kind: "world" }>): void {
        this.levels.clear();
        const { bake } = this.link;
        if (!isComplete && bake !== null) {
            bake.levels.forEach(({ level }) => this.levels.add(level));
        }
        blocks.forEach(({ block }) => this.levels.add(block.level));
        if (!this.bakes && this.levels.size > 0) {
            this.contents.blocks.setLevels(Math.min(...this.levels), Math.max(...this.levels));
        }
    }
}
