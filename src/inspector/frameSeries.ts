import type { Hitch } from "../profiler/hitches.js";
import type { InspectedWorld } from "./inspectedWorld.js";

/** Returns frames' numbers, their times and Terrane's share of them in milliseconds: columns of a plot. */
export function readFrames({ profiler }: InspectedWorld): number[][] {
    const frames: number[] = [];
    const times: number[] = [];
    const shares: number[] = [];
    profiler.forEachRecentFrame((frame, frameTimeMs, updateTimeMs) => {
        frames.push(frame);
        times.push(frameTimeMs);
        shares.push(updateTimeMs);
    });
    return [frames, times, shares];
}

/** Returns the hitch nearest to a frame, no farther from it than `reach`; null where there is none. */
export function hitchNear(hitches: readonly Hitch[], frame: number, reach: number): Hitch | null {
    let best: Hitch | null = null;
    for (const hitch of hitches) {
        const distance = Math.abs(hitch.frame - frame);
        if (distance <= reach && (best === null || distance < Math.abs(best.frame - frame))) {
            best = hitch;
        }
    }
    return best;
}

/** Keeps the latest values of several numbers, by seconds: columns of a plot that moves along. */
export class History {
    private readonly _columns: number[][];
    private readonly _startMs: number;

    /** @param length number of rows that are kept */
    public constructor(
        private readonly _length: number,
        width: number,
        nowMs: number,
    ) {
        this._columns = Array.from({ length: width + 1 }, () => []);
        this._startMs = nowMs;
    }

    public add(nowMs: number, values: readonly number[]): void {
        [(nowMs - this._startMs) / 1000, ...values].forEach((value, i) => this._columns[i]!.push(value));
        if (this._columns[0]!.length > this._length) {
            this._columns.forEach((column) => column.shift());
        }
    }

    public get columns(): readonly (readonly number[])[] {
        return this._columns;
    }
}
