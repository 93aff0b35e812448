import { setMaxListeners } from "node:events";
import process from "node:process";

const SIGNALS = { SIGINT: 2, SIGTERM: 15 } as const;
type SignalName = keyof typeof SIGNALS;

/** Milliseconds in which what was begun must be done: whoever ends processes waits no longer before killing them. */
const GRACE_MS = 8000;

/** Ends what runs in order when the process is asked to end. */
export class Interruption {
    private readonly _controller = new AbortController();
    private _isListening = false;
    private _asked: SignalName | null = null;

    /**
     * Listens from now on. The first signal lets what is under way be finished and kept; the second one, or taking too
     * long, ends the process at once. Before this call a signal ends it at once in any case: nothing is under way.
     */
    public listen(): AbortSignal {
        if (!this._isListening) {
            this._isListening = true;
            // As many reads as run at once listen to it.
            setMaxListeners(0, this._controller.signal);
            for (const name of Object.keys(SIGNALS) as SignalName[]) {
                process.on(name, this._onSignal);
            }
        }
        return this._controller.signal;
    }

    /** Exit code of a process that a signal ended, as shells have it: 128 and the signal's number. */
    public get exitCode(): number {
        return 128 + SIGNALS[this._asked ?? "SIGINT"];
    }

    private readonly _onSignal = (name: SignalName): void => {
        if (this._asked !== null) {
            this._endAtOnce(name);
            return;
        }
        this._asked = name;
        this._controller.abort();
        setTimeout(() => this._endAtOnce(name), GRACE_MS).unref();
    };

    /**
     * Ends the process by the signal itself: `process.exit` waits for files that are being read, which may be for ever.
     */
    private _endAtOnce(name: SignalName): void {
        process.removeAllListeners(name);
        if (process.pid === 1) {
            // The first process of a container is not ended by a signal that it sends itself.
            process.exit(this.exitCode);
        }
        process.kill(process.pid, name);
    }
}
