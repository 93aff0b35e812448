import type { LevelFade } from "../lod/levelFade.js";
import type { NodeList } from "../lod/nodeList.js";
import type { QuadNode } from "../lod/quadtree.js";
import type { ChunkAddress } from "../space/chunkAddress.js";
import type { ViewSink } from "./chunkSink.js";

/** Exchanges under way at once. What comes beyond them, in a turn of the whole picture, is not worth drawing twice. */
const MOST_EXCHANGES = 64;
/**
 * How many times as long caves fade. Sunlit ground stands before dark there: in 0.4 s at 60 Hz three pixels of a block of 8 x 8 change
 * in some frames, which is up to 4.7 percent of the range; in three times as long it is one pixel, 1.6 percent at most.
 */
const CAVE_SLOWNESS = 3;

/** Some chunks that give way to others over the same ground. */
interface LevelExchange<THandle> extends LevelFade {
    progress: number;
    /** The pass in which it began. */
    pass: number;
    /** On the world's clock. */
    startedMs: number;
    /** How many times as long as others it takes. */
    slowness: number;
    /** What comes. */
    readonly entering: QuadNode<THandle>[];
    /** What goes: of nodes that may serve for something else by now. */
    readonly leaving: ChunkAddress[];
    readonly leavingHandles: THandle[];
}

/** Told of each chunk that is no longer drawn. Its handle has been released. */
export type HiddenListener<THandle> = (address: ChunkAddress, handle: THandle) => void;

/**
 * Pairs the chunks that a frame shows with those that it hides, lets them fade into each other over some time, and shows and
 * hides at once what has no counterpart. Allocates nothing in a frame in which nothing is exchanged.
 */
export class LevelExchanges<THandle> {
    private readonly _active: LevelExchange<THandle>[] = [];
    private readonly _free: LevelExchange<THandle>[] = [];
    /** What has gone by exchanges that are over, and nobody was told of yet; and how many of them were told. */
    private readonly _gone: ChunkAddress[] = [];
    private readonly _goneHandles: THandle[] = [];
    private _told = 0;
    /** Of the frame that is being applied: whether exchanges fade, since when, and in which pass. */
    private _mayFade = false;
    private _nowMs = 0;
    private _pass = 0;
    private _isForgotten = false;

    public constructor(
        private readonly _sink: ViewSink<THandle>,
        private readonly _onHidden: HiddenListener<THandle>,
    ) {}

    /** Exchanges under way. */
    public get count(): number {
        return this._active.length;
    }

    /** Whether every exchange is over that had begun by a pass. */
    public hasEnded(pass: number): boolean {
        for (let i = 0; i < this._active.length; i++) {
            if (this._active[i]!.pass <= pass) {
                return false;
            }
        }
        return true;
    }

    /** Brings exchanges up to date, and ends those that have taken `fadeMs`, or three times that where there are caves. */
    public update(nowMs: number, fadeMs: number): void {
        // Backwards, as one that ends moves only a later one.
        for (let i = this._active.length - 1; i >= 0; i--) {
            const exchange = this._active[i]!;
            const ms = nowMs - exchange.startedMs;
            const wholeMs = fadeMs * exchange.slowness;
            exchange.progress = ms < wholeMs ? ms / wholeMs : 1;
            if (exchange.progress >= 1) {
                this._end(exchange);
            }
        }
    }

    /** Notifies of what exchanges that are over have hidden. To be called when all is in order: listeners do as they like. */
    public tell(): void {
        if (this._gone.length === 0) {
            return;
        }
        while (this._told < this._gone.length && !this._isForgotten) {
            const at = this._told++;
            this._onHidden(this._gone[at]!, this._goneHandles[at]!);
        }
        this._gone.length = 0;
        this._goneHandles.length = 0;
        this._told = 0;
    }

    /**
     * Applies to the sink what a pass shows and hides. Each list holds nodes stamped with that pass; what is hidden at once
     * is left in `hidden`, for whoever tells of it.
     *
     * @param mayFade false to switch at once
     */
    public apply(
        shown: NodeList<THandle>,
        hidden: NodeList<THandle>,
        pass: number,
        mayFade: boolean,
        nowMs: number,
    ): void {
        this._mayFade = mayFade && this._sink.canFade === true;
        this._nowMs = nowMs;
        this._pass = pass;
        for (let i = 0; i < hidden.count; i++) {
            this.endOf(hidden.at(i));
        }
        this._pair(shown, hidden);
        for (let i = 0; i < shown.count; i++) {
            const node = shown.at(i);
            this._sink.show(node.handle!, node.fade);
        }
        for (let i = 0; i < hidden.count; i++) {
            const node = hidden.at(i);
            this._sink.hide(node.handle!, node.fade);
        }
        this._enter(shown, hidden);
    }

    /** Ends the exchange that a node comes by at once, where there is one. */
    public endOf({ fade }: QuadNode<THandle>): void {
        if (fade !== null) {
            this._end(fade as LevelExchange<THandle>);
        }
    }

    /** Ends all exchanges at once. */
    public endAll(): void {
        while (this._active.length > 0) {
            this._end(this._active[this._active.length - 1]!);
        }
    }

    /** Ends all exchanges at once, and notifies of nothing from now on: the world ends. */
    public forget(): void {
        this._isForgotten = true;
        this.endAll();
    }

    /**
     * Gives every node that has a counterpart its exchange: that of the coarsest chunk which takes part. A chunk that is
     * replaced in part only, by what is there of its area, switches at once: over the rest it would fade out to nothing.
     */
    private _pair(shown: NodeList<THandle>, hidden: NodeList<THandle>): void {
        for (let i = 0; i < shown.count; i++) {
            const node = shown.at(i);
            if (isWhollyHidden(node, node.shownPass)) {
                node.fade = this._begin();
            }
        }
        for (let i = 0; i < hidden.count; i++) {
            const node = hidden.at(i);
            node.fade = isWhollyShown(node, node.hiddenPass) ? this._begin() : shownFadeAbove(node);
        }
        for (let i = 0; i < shown.count; i++) {
            const node = shown.at(i);
            node.fade ??= hiddenFadeAbove(node);
        }
    }

    /** Enters what fades into its exchange, and takes it out of `hidden`. */
    private _enter(shown: NodeList<THandle>, hidden: NodeList<THandle>): void {
        for (let i = 0; i < shown.count; i++) {
            const node = shown.at(i);
            const exchange = node.fade as LevelExchange<THandle> | null;
            if (exchange !== null) {
                exchange.entering.push(node);
                slowDown(exchange, node);
            }
        }
        let rest = 0;
        for (let i = 0; i < hidden.count; i++) {
            const node = hidden.at(i);
            const exchange = node.fade as LevelExchange<THandle> | null;
            if (exchange === null) {
                hidden.put(rest++, node);
            } else {
                slowDown(exchange, node);
                exchange.leaving.push(node.record.address);
                exchange.leavingHandles.push(node.handle!);
                node.fade = null;
            }
        }
        hidden.cut(rest);
    }

    private _begin(): LevelExchange<THandle> | null {
        if (!this._mayFade || this._active.length >= MOST_EXCHANGES) {
            return null;
        }
        const exchange = this._free.pop() ?? {
            progress: 0,
            pass: 0,
            startedMs: 0,
            slowness: 1,
            entering: [],
            leaving: [],
            leavingHandles: [],
        };
        exchange.progress = 0;
        exchange.startedMs = this._nowMs;
        exchange.slowness = 1;
        exchange.pass = this._pass;
        this._active.push(exchange);
        return exchange;
    }

    private _end(exchange: LevelExchange<THandle>): void {
        const at = this._active.indexOf(exchange);
        this._active[at] = this._active[this._active.length - 1]!;
        this._active.pop();
        exchange.progress = 1;
        this._sink.endFade?.(exchange);
        const { entering, leaving, leavingHandles } = exchange;
        for (let i = 0; i < entering.length; i++) {
            entering[i]!.fade = null;
        }
        for (let i = 0; i < leaving.length; i++) {
            this._gone.push(leaving[i]!);
            this._goneHandles.push(leavingHandles[i]!);
        }
        entering.length = 0;
        leaving.length = 0;
        leavingHandles.length = 0;
        this._free.push(exchange);
    }
}

function slowDown<THandle>(exchange: LevelExchange<THandle>, { hasCaves }: QuadNode<THandle>): void {
    if (hasCaves) {
        exchange.slowness = CAVE_SLOWNESS;
    }
}

/** Whether all that was drawn of a node's area below it is hidden in `pass`. */
function isWhollyHidden<THandle>({ children }: QuadNode<THandle>, pass: number): boolean {
    for (let i = 0; i < children.length; i++) {
        const child = children[i]!;
        if (child.hiddenPass !== pass && !isWhollyHidden(child, pass)) {
            return false;
        }
    }
    return children.length > 0;
}

/** Whether all that is drawn of a node's area below it is shown from `pass` on. */
function isWhollyShown<THandle>({ children }: QuadNode<THandle>, pass: number): boolean {
    for (let i = 0; i < children.length; i++) {
        const child = children[i]!;
        if (child.shownPass !== pass && !isWhollyShown(child, pass)) {
            return false;
        }
    }
    return children.length > 0;
}

function shownFadeAbove<THandle>({ hiddenPass, parent }: QuadNode<THandle>): LevelFade | null {
    for (let at = parent; at !== null; at = at.parent) {
        if (at.shownPass === hiddenPass) {
            return at.fade;
        }
    }
    return null;
}

function hiddenFadeAbove<THandle>({ shownPass, parent }: QuadNode<THandle>): LevelFade | null {
    for (let at = parent; at !== null; at = at.parent) {
        if (at.hiddenPass === shownPass) {
            return at.fade;
        }
    }
    return null;
}
