import type { TargetCamera } from "@babylonjs/core/Cameras/targetCamera.js";
import type { TerrainWorld } from "../../src/index.js";
import { showToast } from "../common/toast.js";

const UPDATE_MS = 250;
const MEGABYTE = 1e6;
/** Metres around the camera that are downloaded. */
const REACH = 700;
const ALL_LEVELS = [0, 6] as const;

/** What the stores of the chain are called on the page. */
const NAMES: Readonly<Record<string, string>> = {
    indexedDb: "browser",
    memory: "memory",
    baked: "server",
};

/**
 * Shows where chunks come from, and a button that downloads those around the camera for play without a network. Returns what
 * is called once a frame.
 */
export function addStoresPanel(world: TerrainWorld, camera: TargetCamera): (nowMs: number) => void {
    const panel = document.createElement("section");
    panel.className = "hud stores glass";
    panel.setAttribute("aria-label", "Where chunks come from");
    panel.innerHTML =
        '<header><h1>Stores</h1></header><dl></dl><div class="gauge"><i></i></div><nav><button type="button"></button></nav>';
    const list = panel.querySelector("dl")!;
    const gauge = panel.querySelector<HTMLElement>(".gauge")!;
    const button = panel.querySelector("button")!;
    gauge.hidden = true;
    document.body.append(panel);
    addDownload(world, camera, button, gauge);

    const cells = new Map<string, HTMLElement>();
    const set = (name: string, text: string): void => {
        let cell = cells.get(name);
        if (cell === undefined) {
            cell = document.createElement("dd");
            const term = document.createElement("dt");
            term.textContent = name;
            list.append(term, cell);
            cells.set(name, cell);
        }
        if (cell.textContent !== text) {
            cell.textContent = text;
        }
    };
    let nextMs = 0;
    return (nowMs) => {
        if (nowMs < nextMs) {
            return;
        }
        nextMs = nowMs + UPDATE_MS;
        const { stores, bakedChunks } = world.getStats();
        for (const { name, hits, bytesRead } of stores) {
            set(NAMES[name] ?? name, `${hits} chunks, ${(bytesRead / MEGABYTE).toFixed(1)} MB`);
        }
        set("baked here", `${bakedChunks} chunks`);
    };
}

/** Has the button begin a download, and end it while it runs. */
function addDownload(world: TerrainWorld, camera: TargetCamera, button: HTMLButtonElement, gauge: HTMLElement): void {
    const fill = gauge.querySelector("i")!;
    let running: AbortController | null = null;
    const rest = (): void => {
        running = null;
        button.textContent = "Keep for offline";
        gauge.hidden = true;
    };
    rest();
    button.addEventListener("click", () => {
        button.blur();
        if (running !== null) {
            running.abort();
            return;
        }
        running = new AbortController();
        button.textContent = "Cancel";
        fill.style.transform = "scaleX(0)";
        gauge.hidden = false;
        const { x, z } = camera.position;
        const bounds = { minimum: { x: x - REACH, y: 0, z: z - REACH }, maximum: { x: x + REACH, y: 0, z: z + REACH } };
        world
            .downloadAsync(
                bounds,
                ALL_LEVELS,
                ({ completedChunks, totalChunks, bytes }) => {
                    button.textContent = `Cancel · ${(bytes / MEGABYTE).toFixed(1)} MB`;
                    fill.style.transform = `scaleX(${completedChunks / totalChunks})`;
                },
                running.signal,
            )
            .then(({ storedChunks, presentChunks }) =>
                showToast(`${storedChunks + presentChunks} chunks are kept in this browser`),
            )
            // Where it was cancelled, what has come stays.
            .catch((error: unknown) => showToast(running?.signal.aborted === true ? "Cancelled" : String(error)))
            .finally(rest);
    });
}
