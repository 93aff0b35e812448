import { FRAME_RECORD_WIDTH } from "./frameRecord.js";
import { DURATION, NESTED, START, type Numbers } from "./timing.js";

/** Number of spans and of frames that wait before they are counted. */
const SPANS = 256;
const FRAMES = 64;

/** Numbers of a span; the last packs operation, thread, and whether it was a span or a record. */
const WIDTH = 4;
const CODE = 3;

/** Called with each span in order; `timing` is reused. */
export type SpanReceiver = (operation: number, thread: number, isSpan: boolean, timing: Numbers) => void;

/**
 * Keeps spans until they are counted. Counting one touches a dozen arrays that a frame has driven out of the
 * processor's caches: measured in flights, 20 microseconds a frame where the same spans take half a microsecond in a
 * loop. Here they are written side by side, and counted together when somebody looks or the room is full.
 */
export class SpanInbox {
    private readonly _numbers = new Float64Array(SPANS * WIDTH);
    private readonly _timing = new Float64Array(WIDTH);
    private _count = 0;

    public get isFull(): boolean {
        return this._count === SPANS;
    }

    /** Adds a span, for which there must be room. Allocates nothing. */
    public add(operation: number, thread: number, isSpan: boolean, timing: Numbers): void {
        const at = this._count++ * WIDTH;
        this._numbers[at + START] = timing[START]!;
        this._numbers[at + DURATION] = timing[DURATION]!;
        this._numbers[at + NESTED] = timing[NESTED]!;
        this._numbers[at + CODE] = operation * 512 + thread * 2 + (isSpan ? 1 : 0);
    }

    /** Hands over all spans in the order in which they came, and forgets them. */
    public drain(receive: SpanReceiver): void {
        const count = this._count;
        this._count = 0;
        const timing = this._timing;
        for (let i = 0; i < count; i++) {
            timing[START] = this._numbers[i * WIDTH + START]!;
            timing[DURATION] = this._numbers[i * WIDTH + DURATION]!;
            timing[NESTED] = this._numbers[i * WIDTH + NESTED]!;
            const code = this._numbers[i * WIDTH + CODE]!;
            receive(Math.floor(code / 512), (code >> 1) & 255, (code & 1) === 1, timing);
        }
    }

    public clear(): void {
        this._count = 0;
    }
}

/** Called with each frame in order; its numbers begin at `at` (see `FrameRecord`). */
export type FrameReceiver = (numbers: Numbers, at: number) => void;

/** Keeps frames until they are counted, for the reason that `SpanInbox` gives. */
export class FrameInbox {
    public readonly numbers: Numbers = new Float64Array(FRAMES * FRAME_RECORD_WIDTH);
    private _count = 0;

    public get isFull(): boolean {
        return this._count === FRAMES;
    }

    /**
     * Adds a frame (`FrameRecord`), for which there must be room. Returns its index in `numbers`. Allocates nothing.
     */
    public add(frame: Numbers): number {
        const { numbers } = this;
        const at = this._count++ * FRAME_RECORD_WIDTH;
        for (let i = 0; i < FRAME_RECORD_WIDTH; i++) {
            numbers[at + i] = frame[i]!;
        }
        return at;
    }

    /** Hands over all frames in the order in which they came, and forgets them. */
    public drain(receive: FrameReceiver): void {
        const count = this._count;
        this._count = 0;
        for (let i = 0; i < count; i++) {
            receive(this.numbers, i * FRAME_RECORD_WIDTH);
        }
    }

    public clear(): void {
        this._count = 0;
        this.numbers.fill(0);
    }
}
