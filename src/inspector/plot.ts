import uPlot from "uplot";
import style from "uplot/dist/uPlot.min.css";

export interface PlotSeries {
    readonly label: string;
    readonly color: string;
    /** Whether the space below the line is filled. */
    readonly isFilled?: boolean;
}

export interface PlotOptions {
    readonly series: readonly PlotSeries[];
    /** Height in pixels. */
    readonly height: number;
    /** Returns the value of the vertical axis at which a line is drawn. */
    readonly limit?: () => number;
    /** Returns values of the horizontal axis that are marked. */
    readonly marks?: () => readonly PlotMark[];
    /** Called with the value of the horizontal axis that was clicked, and how much of it a pixel is. */
    readonly onPick?: (x: number, perPixel: number) => void;
}

export interface PlotMark {
    readonly x: number;
    readonly isChosen: boolean;
}

const LIMIT_COLOR = "#8fdc4a";
const MARK_COLOR = "#ff5d5d";
const GRID_ALPHA = "22";

/** A plot that fills the width of `element`. End it by `dispose`. */
export class Plot {
    private readonly _plot: uPlot;
    private readonly _sizes: ResizeObserver;
    private readonly _style: HTMLStyleElement;

    public constructor(element: HTMLElement, options: PlotOptions) {
        // Within the element, so that it goes with it, and is there in a pane that was moved to a window of its own.
        this._style = element.ownerDocument.createElement("style");
        this._style.textContent = style;
        element.append(this._style);
        this._plot = new uPlot(toPlotOptions(element, options), [[], ...options.series.map(() => [])], element);
        const { onPick } = options;
        if (onPick !== undefined) {
            this._plot.over.addEventListener("click", ({ offsetX }) => {
                const perPixel = this._plot.posToVal(1, "x") - this._plot.posToVal(0, "x");
                onPick(this._plot.posToVal(offsetX, "x"), perPixel);
            });
        }
        this._sizes = new ResizeObserver(() => {
            const width = element.clientWidth;
            if (width > 0 && width !== this._plot.width) {
                this._plot.setSize({ width, height: options.height });
            }
        });
        this._sizes.observe(element);
    }

    /**
     * Shows data.
     *
     * @param data values of the horizontal axis, then of each series
     */
    public show(data: readonly (readonly number[])[]): void {
        this._plot.setData(data as number[][] as uPlot.AlignedData);
    }

    public dispose(): void {
        this._sizes.disconnect();
        this._plot.destroy();
        this._style.remove();
    }
}

function toPlotOptions(element: HTMLElement, options: PlotOptions): uPlot.Options {
    const ink = getComputedStyle(element).color;
    const faint = toHex(ink) + GRID_ALPHA;
    const axis = { stroke: ink, grid: { stroke: faint, width: 1 }, ticks: { show: false }, font: "10px system-ui" };
    return {
        width: Math.max(1, element.clientWidth),
        height: options.height,
        legend: { show: false },
        cursor: { y: false, drag: { setScale: false, x: false, y: false } },
        scales: { x: { time: false }, y: { range: (_, __, max) => [0, Math.max(1, max * 1.1)] } },
        axes: [
            { ...axis, size: 18, space: 60 },
            { ...axis, size: 50, space: 24, values: (_, values) => values.map((ms) => `${shortNumber(ms)} ms`) },
        ],
        series: [
            {},
            ...options.series.map(({ label, color, isFilled }) => {
                const fill = isFilled === true ? { fill: `${color}33` } : {};
                return { label, stroke: color, width: 1.5, points: { show: false }, ...fill };
            }),
        ],
        hooks: { draw: [(plot) => drawOver(plot, options)] },
    };
}

function drawOver(plot: uPlot, { limit, marks }: PlotOptions): void {
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    if (limit !== undefined) {
        const y = plot.valToPos(limit(), "y", true);
        ctx.strokeStyle = LIMIT_COLOR;
        ctx.setLineDash([4, 4]);
        ctx.beginPath();
        ctx.moveTo(bbox.left, y);
        ctx.lineTo(bbox.left + bbox.width, y);
        ctx.stroke();
        ctx.setLineDash([]);
    }
    for (const { x, isChosen } of marks?.() ?? []) {
        const px = plot.valToPos(x, "x", true);
        const size = isChosen ? 8 : 5;
        ctx.fillStyle = MARK_COLOR;
        ctx.beginPath();
        ctx.moveTo(px, bbox.top + 2 * size);
        ctx.lineTo(px - size, bbox.top);
        ctx.lineTo(px + size, bbox.top);
        ctx.fill();
        if (isChosen) {
            ctx.fillRect(px - 0.5, bbox.top, 1, bbox.height);
        }
    }
    ctx.restore();
}

function shortNumber(value: number): string {
    return value >= 1000 ? `${Number((value / 1000).toPrecision(2))}k` : String(Number(value.toPrecision(2)));
}

/** Returns a computed colour, `rgb(r, g, b)`, as #rrggbb. */
function toHex(color: string): string {
    const parts = color.match(/[\d.]+/g) ?? ["128", "128", "128"];
    return `#${parts
        .slice(0, 3)
        .map((part) => Math.round(Number(part)).toString(16).padStart(2, "0"))
        .join("")}`;
}
