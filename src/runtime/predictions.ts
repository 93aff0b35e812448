import type { PredictionTaker } from "../lod/predictLevels.js";
import type { BakeScheduler } from "../scheduler/bakeScheduler.js";
import { addressKey, NO_FACE, type ChunkAddress } from "../space/chunkAddress.js";
import { BANDS, priorityOf } from "../streaming/bands.js";
import type { ChunkCache } from "./chunkCache.js";

/** A chunk that was predicted. */
interface Prediction {
    readonly key: number;
    readonly address: ChunkAddress;
    /** The round in which it was predicted last. */
    round: number;
    isUsed: boolean;
}

const LOW = BANDS.indexOf("low");
/** Rounds after which what was predicted and never shown counts as wasted. */
const ROUNDS_TO_LIVE = 60;

/** How well the motion of viewers was foreseen. Counted since the world began. */
export interface PredictionCounts {
    /** Chunks that were predicted, and of those: shown later, and never shown. */
    predicted: number;
    used: number;
    wasted: number;
    /** Chunks that were shown, and of those: predicted before. */
    shown: number;
    shownPredicted: number;
}

/**
 * Chunks that will be wanted if viewers go on as they go. They are baked when workers have nothing better to do, and rest in
 * the cache until they are wanted.
 */
export class Predictions implements PredictionTaker {
    public readonly counts: PredictionCounts = { predicted: 0, used: 0, wasted: 0, shown: 0, shownPredicted: 0 };

    private readonly _known = new Map<number, Prediction>();
    private _round = 0;

    public constructor(
        private readonly _scheduler: BakeScheduler,
        private readonly _cache: ChunkCache,
        /** Whether someone else wants a chunk: then it is neither put off nor cancelled. */
        private readonly _isWanted: (key: number) => boolean,
    ) {}

    public beginRound(): void {
        this._round++;
    }

    public takePredicted(level: number, x: number, z: number, distance: number): void {
        const key = addressKey(level, x, z);
        let known = this._known.get(key);
        if (known === undefined) {
            known = { key, address: { face: NO_FACE, level, x, z }, round: 0, isUsed: false };
            this._known.set(key, known);
            this.counts.predicted++;
        }
        known.round = this._round;
        const isSettled = this._cache.has(key) || this._scheduler.isQuarantined(key);
        if (!isSettled && !(this._scheduler.has(key) && this._isWanted(key))) {
            const priority = priorityOf(false, LOW, false, level, distance);
            this._scheduler.request(key, known.address, priority);
        }
    }

    /** Forgets what was not predicted in this round any more. */
    public endRound(): void {
        for (const { key, round, isUsed } of this._known.values()) {
            const age = this._round - round;
            if (age === 1 && !this._isWanted(key)) {
                this._scheduler.cancel(key);
            }
            if (age > ROUNDS_TO_LIVE) {
                this._known.delete(key);
                this.counts.wasted += isUsed ? 0 : 1;
            }
        }
    }

    /** A chunk is shown. */
    public shown(key: number): void {
        this.counts.shown++;
        const prediction = this._known.get(key);
        if (prediction === undefined) {
            return;
        }
        this.counts.shownPredicted++;
        if (!prediction.isUsed) {
            prediction.isUsed = true;
            this.counts.used++;
        }
    }

    /** After a jump nothing that was predicted comes true: what waits is cancelled. */
    public drop(): void {
        for (const { key, isUsed } of this._known.values()) {
            if (!this._isWanted(key)) {
                this._scheduler.cancel(key);
            }
            this.counts.wasted += isUsed ? 0 : 1;
        }
        this._known.clear();
    }
}
