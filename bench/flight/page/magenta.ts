import type { AbstractMesh } from "@babylonjs/core/Meshes/abstractMesh.js";
import { Color4 } from "@babylonjs/core/Maths/math.color.js";
import type { SampleParts } from "../../../samples/common/openSample.js";
import { meters } from "./instruments.js";

/** What a drawn frame showed. */
export interface DrawnFrame {
    /** Number of pixels that are holes. */
    holes: number;
    /** Where to find the first of them again: pixel from the bottom left, camera, direction. */
    firstHole: string | null;
    drawCalls: number;
    chunksInView: number;
    ms: number;
}

/** Pixels above the skyline at which missing ground is looked for: more than the screen-space error. */
const SKYLINE_MARGIN = 4;

const others: AbstractMesh[] = [];

/**
 * Draws terrain alone before a magenta sky and looks for magenta below the horizon: a pixel of it is a hole where rays
 * through it and its eight neighbours all meet ground in the field within the view distance.
 */
export function drawAndCheck(parts: SampleParts): DrawnFrame {
    const { engine, scene, world } = parts;
    const shown = new Set<unknown>(world.shownMeshes());
    others.length = 0;
    for (const mesh of scene.meshes) {
        if (!shown.has(mesh) && mesh.isEnabled(false)) {
            mesh.setEnabled(false);
            others.push(mesh);
        }
    }
    const { clearColor, postProcessesEnabled } = scene;
    scene.clearColor = new Color4(1, 0, 1, 1);
    scene.postProcessesEnabled = false;
    meters.drawsNothing = false;
    const startMs = performance.now();
    scene.render();
    const width = engine.getRenderWidth();
    const height = engine.getRenderHeight();
    const pixels = new Uint8Array(width * height * 4);
    const gl = (engine as unknown as { _gl: WebGL2RenderingContext })._gl;
    gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
    const ms = performance.now() - startMs;
    meters.drawsNothing = true;
    scene.clearColor = clearColor;
    scene.postProcessesEnabled = postProcessesEnabled;
    for (const mesh of others) {
        mesh.setEnabled(true);
    }
    const isMagenta = (x: number, y: number): boolean => {
        const i = (y * width + x) * 4;
        return pixels[i]! > 250 && pixels[i + 1]! < 5 && pixels[i + 2]! > 250;
    };
    let holes = 0;
    let firstHole: string | null = null;
    for (let x = 1; x < width - 1; x++) {
        // From the top down: the sky ends at the first pixel of ground. Whether more ground belongs above, the pixel over it tells.
        let skyline = height - 2;
        while (skyline > 0 && isMagenta(x, skyline)) {
            skyline--;
        }
        for (let y = 1; y <= Math.min(height - 2, skyline + SKYLINE_MARGIN); y++) {
            const isCandidate = y < skyline || y === skyline + SKYLINE_MARGIN;
            if (isCandidate && isMagenta(x, y) && isGroundAround(parts, x, y, width, height)) {
                holes++;
                const { position, rotation } = parts.camera;
                firstHole ??= `(${x}, ${y}) from ${[position.x, position.y, position.z, rotation.y].join(", ")}`;
            }
        }
    }
    const { drawCalls, chunksInView } = world.getStats();
    return { holes, firstHole, drawCalls, chunksInView, ms };
}

/** Returns whether the field has ground behind a pixel and all its neighbours. */
function isGroundAround(parts: SampleParts, x: number, y: number, width: number, height: number): boolean {
    const { camera, world } = parts;
    const { m } = camera.getWorldMatrix();
    const up = Math.tan(camera.fov / 2);
    const right = (up * width) / height;
    for (let dy = -1; dy <= 1; dy++) {
        for (let dx = -1; dx <= 1; dx++) {
            const a = ((2 * (x + dx + 0.5)) / width - 1) * right;
            // Pixels are read from the bottom up.
            const b = ((2 * (y + dy + 0.5)) / height - 1) * up;
            const along = (i: number): number => m[8 + i]! + a * m[i]! + b * m[4 + i]!;
            const direction = { x: along(0), y: along(1), z: along(2) };
            if (world.raycast(camera.position, direction, world.viewDistance * 0.95) === null) {
                return false;
            }
        }
    }
    return true;
}
