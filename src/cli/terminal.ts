import { printable } from "../base/printable.js";

/** Where a command writes. Whatever a line holds, it stays one line and moves no cursor. */
export interface Terminal {
    /** Prints a line of results. */
    print(line: string): void;
    /** Prints a line of errors or remarks. */
    warn(line: string): void;
    /** Whether someone watches: no progress is written to files. */
    readonly isInteractive: boolean;
    /** Columns. */
    readonly width: number;
    /** Writes over the line that the cursor is on. */
    overwrite(line: string): void;
}

/** Takes a terminal's characters: what is needed of Node's streams. */
export interface TextSink {
    readonly isTTY?: boolean;
    readonly columns?: number;
    write(text: string): unknown;
    on(event: "error", listener: (error: Error) => void): unknown;
}

const CLEAR_LINE = "\r\x1b[K";
const DEFAULT_WIDTH = 100;

/**
 * Creates the one place where text leaves for a terminal, and so where it is made harmless: ids, keys, file names and
 * messages come from recipes, reports and manifests that anybody may have written.
 *
 * @param onLost called when results cannot be written any more: the pipe is closed or the disk is full
 */
export function createTerminal(results: TextSink, remarks: TextSink, onLost: (error: Error) => void): Terminal {
    results.on("error", onLost);
    // Where remarks cannot be told, there is nobody to tell.
    remarks.on("error", () => {});
    return {
        print: (line) => void results.write(`${printable(line)}\n`),
        warn: (line) => void remarks.write(`${printable(line)}\n`),
        isInteractive: remarks.isTTY === true,
        width: results.columns ?? DEFAULT_WIDTH,
        overwrite: (line) => void remarks.write(`${CLEAR_LINE}${printable(line)}`),
    };
}

/** Prints a text whose line feeds are its own: in what others wrote they are escaped already. */
export function printLines(print: (line: string) => void, text: string): void {
    for (const line of text.trimEnd().split("\n")) {
        print(line);
    }
}

/** Milliseconds between two states of a progress line: nobody reads faster. */
const REDRAW_MS = 100;

/** A line that is written over and over. */
export class ProgressLine {
    private _shownMs = -Infinity;
    private _isShown = false;

    public constructor(
        private readonly _terminal: Terminal,
        private readonly _now: () => number = () => performance.now(),
    ) {}

    /**
     * Shows a text in the line, unless another was shown a moment ago.
     *
     * @param isLast whether it is shown in any case
     */
    public show(text: string, isLast = false): void {
        const now = this._now();
        if (!this._terminal.isInteractive || (!isLast && now - this._shownMs < REDRAW_MS)) {
            return;
        }
        this._shownMs = now;
        this._isShown = true;
        this._terminal.overwrite(text.slice(0, this._terminal.width - 1));
    }

    /** Clears the line, so that what comes next begins its own. */
    public end(): void {
        if (this._isShown) {
            this._terminal.overwrite("");
            this._isShown = false;
        }
    }
}

/** Returns a duration as text: `1:02:03`, `2:03` or `3 s`. */
export function formatDuration(seconds: number): string {
    if (!(seconds < 360_000)) {
        return "?";
    }
    const whole = Math.round(seconds);
    if (whole < 60) {
        return `${whole} s`;
    }
    const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
    const tail = String(rest).padStart(2, "0");
    return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${tail}` : `${minutes}:${tail}`;
}

export function formatBytes(bytes: number): string {
    const units = ["bytes", "KB", "MB", "GB", "TB"];
    let value = bytes;
    let unit = 0;
    while (value >= 1000 && unit < units.length - 1) {
        value /= 1000;
        unit++;
    }
    return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}
