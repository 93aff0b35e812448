import { useEffect, useRef, useState } from "react";
import type { IReadonlyObservable } from "@babylonjs/core/Misc/observable.js";
import { formatAddress } from "../space/chunkAddress.js";
import type { InspectedWorld, WorldMap } from "./inspectedWorld.js";
import { chunkAt, drawMap, firstView, MAP_STATES, zoomed, type MapView } from "./mapDrawing.js";

/** Height in pixels. */
const HEIGHT = 280;
const ZOOM_STEP = 1.25;

interface Shown {
    map: WorldMap;
    /** What the map shows; null until it has a size. */
    view: MapView | null;
    /** Whether the middle follows the first viewer: until somebody drags. */
    follows: boolean;
}

/**
 * Draws the quadtree from above: chunks by state and level, what waits by its urgency, viewers with their radius. The
 * wheel zooms, dragging moves, a double click follows the viewer again.
 */
export function ChunkMap({ world, poll }: { world: InspectedWorld; poll: IReadonlyObservable<void> }) {
    const canvas = useRef<HTMLCanvasElement>(null);
    const [hint, setHint] = useState("");
    useEffect(() => {
        const element = canvas.current!;
        const shown: Shown = { map: world.readMap(), view: null, follows: true };
        const redraw = () => draw(element, shown);
        const observer = poll.add(() => {
            if (!world.isDisposed) {
                shown.map = world.readMap();
                redraw();
            }
        });
        const listeners = new AbortController();
        listen(element, shown, redraw, setHint, listeners.signal);
        redraw();
        return () => {
            observer.remove();
            listeners.abort();
        };
    }, [world, poll]);
    return (
        <div style={{ padding: "4px 8px" }}>
            <canvas
                ref={canvas}
                aria-label="Map of the chunks"
                style={{ width: "100%", height: HEIGHT, display: "block", borderRadius: 4, cursor: "grab" }}
            />
            <div style={{ fontSize: 11, minHeight: 16, fontVariantNumeric: "tabular-nums" }}>{hint}</div>
            <div style={{ display: "flex", flexWrap: "wrap", gap: "2px 12px", fontSize: 11 }}>
                {Object.entries(MAP_STATES).map(([state, { color, title }]) => (
                    <span key={state}>
                        <span style={{ color, WebkitTextStroke: "0.5px gray" }}>■</span> {title}
                    </span>
                ))}
            </div>
        </div>
    );
}

function draw(element: HTMLCanvasElement, shown: Shown): void {
    const width = element.clientWidth;
    const height = element.clientHeight;
    const context = element.getContext("2d");
    if (context === null || width === 0 || height === 0) {
        return;
    }
    const ratio = element.ownerDocument.defaultView?.devicePixelRatio ?? 1;
    if (element.width !== Math.round(width * ratio) || element.height !== Math.round(height * ratio)) {
        element.width = Math.round(width * ratio);
        element.height = Math.round(height * ratio);
    }
    const first = firstView(shown.map, width, height);
    const view = shown.view ?? first;
    shown.view = shown.follows
        ? { ...first, metresPerPixel: view.metresPerPixel, width, height }
        : { ...view, width, height };
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    drawMap(context, shown.map, shown.view);
}

function listen(
    element: HTMLCanvasElement,
    shown: Shown,
    redraw: () => void,
    setHint: (hint: string) => void,
    signal: AbortSignal,
): void {
    element.addEventListener(
        "wheel",
        (event) => {
            event.preventDefault();
            const factor = event.deltaY > 0 ? ZOOM_STEP : 1 / ZOOM_STEP;
            if (shown.view !== null) {
                const { width, height } = shown.view;
                // What follows the viewer keeps it in the middle.
                const [px, py] = shown.follows ? [width / 2, height / 2] : [event.offsetX, event.offsetY];
                shown.view = zoomed(shown.view, px, py, factor);
                redraw();
            }
        },
        { signal, passive: false },
    );
    element.addEventListener("pointerdown", (event) => element.setPointerCapture(event.pointerId), { signal });
    element.addEventListener(
        "pointermove",
        ({ buttons, movementX, movementY, offsetX, offsetY }) => {
            if (shown.view === null) {
                return;
            }
            if ((buttons & 1) !== 0 && (movementX !== 0 || movementY !== 0)) {
                const { centerX, centerZ, metresPerPixel } = shown.view;
                shown.follows = false;
                shown.view = {
                    ...shown.view,
                    centerX: centerX - movementX * metresPerPixel,
                    centerZ: centerZ + movementY * metresPerPixel,
                };
                redraw();
            }
            setHint(describe(shown, offsetX, offsetY));
        },
        { signal },
    );
    element.addEventListener(
        "dblclick",
        () => {
            shown.follows = true;
            redraw();
        },
        { signal },
    );
    element.addEventListener("pointerleave", () => setHint(""), { signal });
}

function describe({ map, view }: Shown, px: number, py: number): string {
    const chunk = view === null ? null : chunkAt(map, view, px, py);
    if (chunk === null) {
        return "";
    }
    const { state, band } = chunk;
    return `${formatAddress(chunk)}: ${MAP_STATES[state].title}${band === undefined ? "" : `, ${band}`}`;
}
