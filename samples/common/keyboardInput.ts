/** Tells which keys are held, by their place on the keyboard, and calls back for keys that act at once. */
export class KeyboardInput {
    private readonly _held = new Set<string>();
    private readonly _actions = new Map<string, () => void>();
    private readonly _end = new AbortController();

    public constructor() {
        const { signal } = this._end;
        window.addEventListener("keydown", (event) => this._onDown(event), { signal });
        window.addEventListener("keyup", (event) => this._held.delete(event.code), { signal });
        // A key released elsewhere sends nothing here.
        window.addEventListener("blur", () => this._held.clear(), { signal });
    }

    /** Calls `action` when the key goes down, once a press. */
    public on(code: string, action: () => void): void {
        this._actions.set(code, action);
    }

    public isHeld(code: string, other?: string): boolean {
        return this._held.has(code) || (other !== undefined && this._held.has(other));
    }

    /** Returns -1, 0 or 1. */
    public axis(positive: string, negative: string, otherPositive?: string, otherNegative?: string): number {
        return Number(this.isHeld(positive, otherPositive)) - Number(this.isHeld(negative, otherNegative));
    }

    public dispose(): void {
        this._end.abort();
        this._held.clear();
    }

    private _onDown(event: KeyboardEvent): void {
        if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) {
            return;
        }
        if (!event.repeat) {
            this._actions.get(event.code)?.();
        }
        this._held.add(event.code);
        if (event.code === "Space" || event.code.startsWith("Arrow")) {
            event.preventDefault();
        }
    }
}

function isTyping(target: EventTarget | null): boolean {
    return (
        target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
    );
}
