import type { TargetCamera } from "@babylonjs/core/Cameras/targetCamera.js";
import type { AbstractEngine } from "@babylonjs/core/Engines/abstractEngine.js";
import type { TerrainWorld } from "../../src/index.js";
import type { FlyControls } from "./flyControls.js";
import { linkTo, type View } from "./queryOptions.js";
import { copyToClipboardAsync, showToast } from "./toast.js";

const UPDATE_MS = 250;
const DEGREES = 180 / Math.PI;
const MIB = 2 ** 20;

const ROWS = ["chunks", "triangles", "queue", "memory"] as const;
const LATER_ROWS = ["place", "speed", "seed"] as const;
type Row = (typeof ROWS)[number] | (typeof LATER_ROWS)[number];

const KEYS: readonly (readonly [keys: string, does: string])[] = [
    ["W A S D", "move; E and Q go up and down"],
    ["drag or click", "look; Esc gives the mouse back"],
    ["wheel", "faster, slower"],
    ["G", "walk or fly; Space jumps, Shift runs"],
    ["C", "copy a link to this place"],
    ["H", "this help"],
];
const TOUCH: readonly (readonly [keys: string, does: string])[] = [
    ["left thumb", "move"],
    ["right thumb", "look round"],
    ["Walk", "stand on the ground"],
];

export interface HudParts {
    readonly title: string;
    /** Null for a world that has no other seeds. */
    readonly seed: number | string | null;
    readonly engine: AbstractEngine;
    readonly camera: TargetCamera;
    readonly world: TerrainWorld;
    readonly controls: FlyControls;
}

/**
 * Shows what the world is doing, in a panel in the corner, with buttons for what keys do. It is written four times a
 * second.
 */
export class Hud {
    private readonly _panel = document.createElement("section");
    private readonly _keys = document.createElement("aside");
    private readonly _cells = new Map<Row, HTMLElement>();
    private readonly _fps: HTMLElement;
    private readonly _gauge: HTMLElement;
    private readonly _modeButton: HTMLButtonElement;
    private _nextMs = 0;

    public constructor(private readonly _parts: HudParts) {
        const { title, controls, seed } = _parts;
        this._panel.className = "hud glass";
        this._panel.setAttribute("aria-label", "World statistics");
        this._panel.innerHTML =
            '<header><h1><a href="./" title="All samples"></a></h1><span class="fps"></span></header><dl></dl><nav></nav>';
        this._panel.querySelector("a")!.textContent = title;
        this._fps = this._panel.querySelector(".fps")!;
        const list = this._panel.querySelector("dl")!;
        ROWS.forEach((row) => this._addRow(list, row));
        const gauge = document.createElement("div");
        gauge.className = "gauge";
        this._gauge = gauge.appendChild(document.createElement("i"));
        list.append(gauge);
        LATER_ROWS.filter((row) => row !== "seed" || seed !== null).forEach((row) => this._addRow(list, row));
        const nav = this._panel.querySelector("nav")!;
        this._modeButton = addButton(nav, "Walk", "G", () => controls.toggleMode());
        addButton(nav, "−", "Slower", () => controls.changeSpeed(-2));
        addButton(nav, "+", "Faster", () => controls.changeSpeed(2));
        addButton(nav, "Copy link", "C", () => this.copyLink());
        if (seed !== null) {
            addButton(nav, "New seed", "Another world", () => location.assign(linkTo(newSeed(), null)));
        }
        addButton(nav, "?", "H", () => this.toggleHelp());
        this._keys.className = "keys glass";
        const isTouch = matchMedia("(pointer: coarse)").matches;
        for (const [keys, does] of isTouch ? TOUCH : KEYS) {
            this._keys.append(textElement("b", keys), textElement("span", does));
        }
        this._keys.hidden = true;
        controls.keyboard.on("KeyH", () => this.toggleHelp());
        controls.keyboard.on("KeyC", () => this.copyLink());
        document.body.append(this._panel, this._keys);
    }

    public toggleHelp(): void {
        this._keys.hidden = !this._keys.hidden;
    }

    public copyLink(): void {
        const link = linkTo(this._parts.seed, viewOf(this._parts.camera));
        copyToClipboardAsync(link).then(
            (isCopied) => showToast(isCopied ? "Link to this place copied" : "The link is in the address bar"),
            () => {},
        );
        history.replaceState(null, "", link);
    }

    /** Updates the panel. Call it once a frame. */
    public update(nowMs: number): void {
        if (nowMs < this._nextMs) {
            return;
        }
        this._nextMs = nowMs + UPDATE_MS;
        const { engine, world, camera, controls, seed } = this._parts;
        const stats = world.getStats();
        const bytes = stats.cachedBytes + stats.pooledBytes + stats.gpuBytes;
        const { x, y, z } = camera.position;
        setText(this._fps, `${engine.getFps().toFixed(0)} fps`);
        this._set("chunks", `${stats.drawCalls} drawn of ${stats.visibleChunks}`);
        this._set("triangles", thousands(stats.triangles));
        const [working, does] =
            stats.loadingChunks > 0 ? [stats.loadingChunks, "loading"] : [stats.bakingChunks, "baking"];
        this._set("queue", `${stats.pendingRequests} + ${working} ${does}`);
        this._set("memory", `${(bytes / MIB).toFixed(0)} of ${(stats.memoryLimitBytes / MIB).toFixed(0)} MiB`);
        this._set("place", `${x.toFixed(0)}, ${y.toFixed(0)}, ${z.toFixed(0)}`);
        this._set("speed", `${speedText(controls.speed)} m/s, ${controls.mode === "fly" ? "flying" : "walking"}`);
        if (seed !== null) {
            this._set("seed", String(seed));
        }
        setText(this._modeButton, controls.mode === "fly" ? "Walk" : "Fly");
        this._gauge.style.transform = `scaleX(${Math.min(1, bytes / stats.memoryLimitBytes)})`;
    }

    private _addRow(list: HTMLElement, row: Row): void {
        const cell = document.createElement("dd");
        list.append(textElement("dt", row), cell);
        this._cells.set(row, cell);
    }

    private _set(row: Row, text: string): void {
        setText(this._cells.get(row)!, text);
    }
}

/** Returns where the camera is and looks, as links say it. */
export function viewOf({ position, rotation }: TargetCamera): View {
    const yaw = (((rotation.y * DEGREES) % 360) + 360) % 360;
    return { x: position.x, y: position.y, z: position.z, yaw, pitch: -rotation.x * DEGREES };
}

function newSeed(): number {
    return crypto.getRandomValues(new Uint32Array(1))[0]! % 1_000_000;
}

/** Writes only what differs: the same text again would make the page lay out again. */
function setText(element: HTMLElement, text: string): void {
    if (element.textContent !== text) {
        element.textContent = text;
    }
}

function addButton(nav: HTMLElement, text: string, title: string, onClick: () => void): HTMLButtonElement {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = text;
    button.title = title;
    button.addEventListener("click", () => {
        onClick();
        // Else Space would press it again.
        button.blur();
    });
    nav.append(button);
    return button;
}

function textElement(tag: string, text: string): HTMLElement {
    const element = document.createElement(tag);
    element.textContent = text;
    return element;
}

function thousands(count: number): string {
    return count >= 1e6 ? `${(count / 1e6).toFixed(2)} M` : `${(count / 1e3).toFixed(0)} k`;
}

function speedText(speed: number): string {
    return speed.toFixed(speed < 10 ? 1 : 0);
}
