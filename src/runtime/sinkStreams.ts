import { runAll } from "../base/runAll.js";
import type { Residency } from "../residency/residency.js";
import type { ChunkAddress } from "../space/chunkAddress.js";
import type { ChunkAvailability } from "../space/chunkAvailability.js";
import type { ChunkSink, SinkMemory } from "./chunkSink.js";
import { SinkStream, type SinkRule } from "./sinkStream.js";

/** The sinks beside the picture. */
export class SinkStreams {
    private readonly _all: SinkStream<unknown>[] = [];

    /**
     * @param _sinks all sinks of the world, which those that are added here join
     * @param _available what chunks there are; null where every chunk can be had
     */
    public constructor(
        private readonly _residency: Residency,
        private readonly _sinks: SinkMemory[],
        private readonly _onFailed: (address: ChunkAddress, error: Error) => void,
        private readonly _available: ChunkAvailability | null = null,
    ) {}

    /** Chunks that wait for the apply budget. */
    public get waitingCount(): number {
        let count = 0;
        for (let i = 0; i < this._all.length; i++) {
            count += this._all[i]!.uploads.count;
        }
        return count;
    }

    /** Adds a sink. Returns what takes it out again. */
    public add<THandle>(sink: ChunkSink<THandle>, rule: SinkRule): { dispose(): void } {
        const { _residency: residency, _onFailed: onFailed, _available: available } = this;
        const stream = new SinkStream<THandle>(residency, sink, rule, onFailed, available) as SinkStream<unknown>;
        this._all.push(stream);
        this._sinks.push(sink);
        return { dispose: () => this._remove(stream) };
    }

    /** Once a frame. */
    public update(): void {
        for (let i = 0; i < this._all.length; i++) {
            this._all[i]!.update();
        }
    }

    /** Returns the one whose next upload is most urgent; null where there is none. */
    public mostUrgent(): SinkStream<unknown> | null {
        let best: SinkStream<unknown> | null = null;
        for (let i = 0; i < this._all.length; i++) {
            if (best === null || this._all[i]!.uploads.priority < best.uploads.priority) {
                best = this._all[i]!;
            }
        }
        return best;
    }

    /** See `SinkStream.invalidated`. */
    public invalidated(): void {
        this._all.forEach((stream) => stream.invalidated());
    }

    /** Makes tasks that give everything back, for whoever runs them all whatever one of them throws. */
    public end(): (() => void)[] {
        return this._all.splice(0).flatMap((stream) => stream.end());
    }

    private _remove(stream: SinkStream<unknown>): void {
        const index = this._all.indexOf(stream);
        if (index >= 0) {
            this._all.splice(index, 1);
            this._sinks.splice(this._sinks.indexOf(stream.sink), 1);
            runAll(stream.end());
        }
    }
}
