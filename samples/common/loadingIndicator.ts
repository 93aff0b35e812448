import type { TerrainWorld } from "../../src/index.js";

/** Number of chunks worth a bar: fewer come in steady flight all the time. */
const WORTH_SHOWING = 6;
const UPDATE_MS = 150;

/**
 * Shows the page before the world is there: its name, how far it is, or why it failed. Later, a thin bar at the top
 * while chunks are pending.
 */
export class LoadingIndicator {
    private readonly _overlay: HTMLElement;
    private readonly _text: HTMLElement;
    private readonly _overlayBar: HTMLElement;
    private readonly _bar: HTMLElement;
    private readonly _barFill: HTMLElement;
    private readonly _count: HTMLElement;
    private _most = 0;
    private _share = 0;
    private _nextMs = 0;
    private _isLoading = true;

    public constructor(title: string, isBarShown: boolean) {
        this._overlay = document.getElementById("loading") ?? document.createElement("div");
        this._overlay.id = "loading";
        this._overlay.innerHTML = '<h1></h1><div class="bar"><i></i></div><p role="status"></p>';
        this._overlay.querySelector("h1")!.textContent = title;
        this._text = this._overlay.querySelector("p")!;
        this._overlayBar = this._overlay.querySelector("i")!;
        this._text.textContent = "Preparing …";
        this._bar = document.createElement("div");
        this._bar.className = "pending";
        this._bar.innerHTML = "<i></i><span></span>";
        this._barFill = this._bar.querySelector("i")!;
        this._count = this._bar.querySelector("span")!;
        document.body.append(this._overlay);
        if (isBarShown) {
            document.body.append(this._bar);
        }
    }

    /** Updates the bar. Call it once a frame. */
    public update(world: TerrainWorld, nowMs: number): void {
        if (nowMs < this._nextMs) {
            return;
        }
        this._nextMs = nowMs + UPDATE_MS;
        const stats = world.getStats();
        const pending = stats.pendingRequests + stats.bakingChunks + stats.loadingChunks + stats.waitingForUpload;
        this._most = pending === 0 ? 0 : Math.max(this._most, pending);
        // Chunks split while they arrive, so that the count rises at first; the bar never goes back.
        const share = this._most === 0 ? 1 : 1 - pending / this._most;
        this._share = this._isLoading && this._most > 0 ? Math.max(this._share, share) : share;
        if (this._isLoading) {
            const came = stats.bakedChunks + stats.loadedChunks;
            const isStarting = came === 0;
            this._overlayBar.style.transform = `scaleX(${isStarting ? 0.02 : this._share})`;
            this._text.textContent = isStarting
                ? "Starting workers …"
                : `${came} chunks ${stats.loadedChunks > 0 ? "here" : "baked"}, ${pending} to go`;
            return;
        }
        const isShown = pending >= WORTH_SHOWING;
        this._bar.classList.toggle("shown", isShown);
        if (isShown) {
            this._barFill.style.transform = `scaleX(${Math.max(0.03, this._share)})`;
            this._count.textContent = `${pending} chunk${pending === 1 ? "" : "s"}`;
        }
    }

    /** Takes the page away: the world is there. */
    public finish(isAtOnce: boolean): void {
        this._isLoading = false;
        this._most = 0;
        if (isAtOnce) {
            this._overlay.remove();
            return;
        }
        this._overlay.classList.add("gone");
        this._overlay.addEventListener("transitionend", () => this._overlay.remove(), { once: true });
    }

    /** Says on the page why there is nothing to see. */
    public fail(error: unknown): void {
        this._overlay.classList.remove("gone");
        this._overlay.classList.add("failed");
        this._overlay.setAttribute("role", "alert");
        this._text.textContent = error instanceof Error ? error.message : String(error);
        document.body.append(this._overlay);
    }
}
