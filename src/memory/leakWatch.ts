/** A lease that was forgotten: collected as garbage without having been returned. */
export interface BufferLeak {
    /** The kind of buffer. */
    readonly kind: string;
    /** Its bytes. */
    readonly bytes: number;
    /** Where it was taken: the first lines of the stack. */
    readonly place: string;
}

/** Stack frames that are kept: the caller and those who called it. */
const FRAMES = 4;

/** Matches stack frames of this room: by file where there are files, by class where all is one bundle. */
const OWN_FRAME = /\b(LeakWatch|BufferPoolManager)\.\w|\bcallerOf\b|\/(leakWatch|bufferPoolManager)\.[cm]?[jt]s/;

/**
 * Reports leases that are collected before they end. For development: each lease records a stack, which costs some
 * microseconds and a kilobyte.
 */
export class LeakWatch {
    private readonly _leaks: BufferLeak[] = [];
    private readonly _registry: FinalizationRegistry<BufferLeak>;

    /** @param onLeak called when the engine collects a lost lease, some time after it was lost */
    public constructor(onLeak: (leak: BufferLeak) => void) {
        this._registry = new FinalizationRegistry((leak) => {
            this._leaks.push(leak);
            onLeak(leak);
        });
    }

    public get leaks(): readonly BufferLeak[] {
        return this._leaks;
    }

    public watch(lease: object, kind: string, bytes: number): void {
        this._registry.register(lease, { kind, bytes, place: callerOf(new Error().stack) }, lease);
    }

    public unwatch(lease: object): void {
        this._registry.unregister(lease);
    }
}

/** Returns the first frames of a stack that are not of this room. */
function callerOf(stack: string | undefined): string {
    const frames = (stack ?? "").split("\n").filter((line) => /^\s*at |@/.test(line));
    const outside = frames.findIndex((line) => !OWN_FRAME.test(line));
    return frames
        .slice(Math.max(0, outside), Math.max(0, outside) + FRAMES)
        .map((line) => line.trim())
        .join(" < ");
}
