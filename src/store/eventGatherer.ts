import type { LoadEvent } from "./loadProtocol.js";

/** Milliseconds for which events are gathered. */
const GATHER_MS = 4;

/** What the other side waits for, and does next to nothing before it comes. */
const URGENT: ReadonlySet<LoadEvent["kind"]> = new Set(["opened", "refused", "world", "call", "closed"]);

/**
 * Gathers what a session says into few messages: a message is a task of its own for the thread that draws, which costs it more
 * than what is in it.
 */
export class EventGatherer {
    private _events: LoadEvent[] = [];
    private _buffers: ArrayBuffer[] = [];
    private _timer: ReturnType<typeof setTimeout> | null = null;

    private _isUrgent = false;

    public constructor(private readonly _post: (events: readonly LoadEvent[], buffers: ArrayBuffer[]) => void) {}

    public add(event: LoadEvent, buffers: readonly ArrayBuffer[]): void {
        this._events.push(event);
        this._buffers.push(...buffers);
        if (URGENT.has(event.kind)) {
            // What is asked of the other side's stores in one go comes there in one message.
            if (!this._isUrgent) {
                this._isUrgent = true;
                queueMicrotask(() => this._flush());
            }
        } else {
            this._timer ??= setTimeout(() => this._flush(), GATHER_MS);
        }
    }

    private _flush(): void {
        this._isUrgent = false;
        if (this._timer !== null) {
            clearTimeout(this._timer);
            this._timer = null;
        }
        const { _events: events, _buffers: buffers } = this;
        this._events = [];
        this._buffers = [];
        if (events.length > 0) {
            this._post(events, buffers);
        }
    }
}
