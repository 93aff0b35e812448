import type { MapChunk, MapState, WorldMap } from "./inspectedWorld.js";
import { levelColor } from "./levelColors.js";

/** What part of the world a map shows. */
export interface MapView {
    /** Metres: x of the middle. */
    readonly centerX: number;
    readonly centerZ: number;
    readonly metresPerPixel: number;
    /** Width in pixels. */
    readonly width: number;
    readonly height: number;
}

/** What the map needs of a canvas. */
export type MapCanvas = Pick<
    CanvasRenderingContext2D,
    | "fillStyle"
    | "strokeStyle"
    | "lineWidth"
    | "globalAlpha"
    | "fillRect"
    | "strokeRect"
    | "beginPath"
    | "moveTo"
    | "lineTo"
    | "arc"
    | "closePath"
    | "fill"
    | "stroke"
>;

/** What is drawn over what, and how; drawn chunks have their level's colour. */
export const MAP_STATES: Readonly<
    Record<MapState, { readonly order: number; readonly color: string; readonly title: string }>
> = {
    cached: { order: 0, color: "#5b6472", title: "in the cache" },
    hidden: { order: 1, color: "#3c4a63", title: "on the GPU, not drawn" },
    shown: { order: 2, color: levelColor(2), title: "drawn, by level" },
    ready: { order: 3, color: "#ffffff", title: "waits for the budget" },
    waiting: { order: 4, color: "#e0457b", title: "in the queue" },
    baking: { order: 5, color: "#ffb000", title: "at a worker" },
    failed: { order: 6, color: "#ff1f1f", title: "given up" },
};

/** Opacity of what waits, by its band. */
const BAND_ALPHA = { immediate: 1, high: 0.8, normal: 0.6, low: 0.35 } as const;
const BACKGROUND = "#11151d";
const VIEWER = "#ffffff";

/** Number of chunks along the shorter side of a map that nobody has zoomed. */
const FIRST_CHUNKS = 40;

/** Returns the view that a map begins with: around the first viewer. */
export function firstView({ chunkSize, viewers }: WorldMap, width: number, height: number): MapView {
    const { x = 0, z = 0 } = viewers[0] ?? {};
    const metresPerPixel = (FIRST_CHUNKS * chunkSize) / Math.min(width, height);
    return { centerX: x, centerZ: z, metresPerPixel, width, height };
}

/** Draws the world from above, north (+z) up: chunks by state and level, what waits by its urgency, and viewers. */
export function drawMap(canvas: MapCanvas, map: WorldMap, view: MapView): void {
    canvas.globalAlpha = 1;
    canvas.fillStyle = BACKGROUND;
    canvas.fillRect(0, 0, view.width, view.height);
    canvas.lineWidth = 1;
    for (const chunk of inDrawingOrder(map.chunks)) {
        drawChunk(canvas, chunk, view);
    }
    for (const { x, z, forwardX, forwardZ, radius } of map.viewers) {
        const px = toPixelX(view, x);
        const py = toPixelY(view, z);
        canvas.globalAlpha = 0.5;
        canvas.strokeStyle = VIEWER;
        canvas.beginPath();
        canvas.arc(px, py, radius / view.metresPerPixel, 0, 2 * Math.PI);
        canvas.stroke();
        canvas.globalAlpha = 1;
        drawViewer(canvas, px, py, forwardX, -forwardZ);
    }
}

/** Returns the chunk that is drawn on top at a pixel; null where there is none. */
export function chunkAt(map: WorldMap, view: MapView, px: number, py: number): MapChunk | null {
    const x = view.centerX + (px - view.width / 2) * view.metresPerPixel;
    const z = view.centerZ - (py - view.height / 2) * view.metresPerPixel;
    let found: MapChunk | null = null;
    for (const chunk of inDrawingOrder(map.chunks)) {
        if (x >= chunk.minX && x < chunk.maxX && z >= chunk.minZ && z < chunk.maxZ) {
            found = chunk;
        }
    }
    return found;
}

/**
 * Returns the same view, zoomed so that the place under a pixel stays where it is.
 *
 * @param factor above 1 shows more
 */
export function zoomed(view: MapView, px: number, py: number, factor: number): MapView {
    const metresPerPixel = Math.min(1000, Math.max(0.1, view.metresPerPixel * factor));
    const moved = view.metresPerPixel - metresPerPixel;
    return {
        ...view,
        centerX: view.centerX + (px - view.width / 2) * moved,
        centerZ: view.centerZ - (py - view.height / 2) * moved,
        metresPerPixel,
    };
}

function inDrawingOrder(chunks: readonly MapChunk[]): MapChunk[] {
    return [...chunks].sort((a, b) => MAP_STATES[a.state].order - MAP_STATES[b.state].order || b.level - a.level);
}

function drawChunk(canvas: MapCanvas, chunk: MapChunk, view: MapView): void {
    const { level, state, band } = chunk;
    const left = toPixelX(view, chunk.minX);
    const top = toPixelY(view, chunk.maxZ);
    const width = toPixelX(view, chunk.maxX) - left;
    const height = toPixelY(view, chunk.minZ) - top;
    if (left > view.width || top > view.height || left + width < 0 || top + height < 0) {
        return;
    }
    const color = state === "shown" ? levelColor(level) : MAP_STATES[state].color;
    const isOutline = state === "waiting" || state === "baking" || state === "cached";
    canvas.globalAlpha = state === "cached" ? 0.6 : BAND_ALPHA[band ?? "immediate"];
    if (isOutline) {
        canvas.strokeStyle = color;
        canvas.strokeRect(left + 1, top + 1, Math.max(1, width - 2), Math.max(1, height - 2));
        canvas.globalAlpha *= 0.3;
    }
    canvas.fillStyle = color;
    // A gap between neighbours shows where they meet.
    canvas.fillRect(left + 0.5, top + 0.5, Math.max(1, width - 1), Math.max(1, height - 1));
}

function drawViewer(canvas: MapCanvas, px: number, py: number, dx: number, dy: number): void {
    const length = Math.hypot(dx, dy);
    canvas.fillStyle = VIEWER;
    canvas.strokeStyle = BACKGROUND;
    canvas.beginPath();
    if (length > 0) {
        const [fx, fy] = [dx / length, dy / length];
        canvas.moveTo(px + 9 * fx, py + 9 * fy);
        canvas.lineTo(px - 5 * fx - 5 * fy, py - 5 * fy + 5 * fx);
        canvas.lineTo(px - 5 * fx + 5 * fy, py - 5 * fy - 5 * fx);
    } else {
        canvas.arc(px, py, 4, 0, 2 * Math.PI);
    }
    canvas.closePath();
    canvas.fill();
    canvas.stroke();
}

function toPixelX(view: MapView, x: number): number {
    return (x - view.centerX) / view.metresPerPixel + view.width / 2;
}

function toPixelY(view: MapView, z: number): number {
    return (view.centerZ - z) / view.metresPerPixel + view.height / 2;
}
