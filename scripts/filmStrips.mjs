// Film strips of an exchange of levels: what a sample shows in eight moments, above as levels switch at once, below as they
// dissolve into each other.
import { writeFileSync } from "node:fs";
import { PNG } from "pngjs";

/** Moments of a strip, from before an exchange to its end. */
const MOMENTS = 8;
/** Pixels. */
const TILE = { width: 184, height: 138 };
const GAP = 4;
/** Seconds. */
const FADE_TIME = 0.4;

/**
 * Takes a strip of the exchange that changes most, of those that a viewer brings who comes nearer, and writes it to `file`.
 *
 * @param {import("playwright-core").Page} page a sample that stands still, all drawn
 * @param {string} file
 * @param {[number, number]} path metres: from where and to where the viewer comes, to the right of the camera
 */
export async function takeFilmStripAsync(page, file, path) {
    await page.evaluate(holdClock);
    const { away, centre } = await page.evaluate(findExchangeAsync, { path, tile: TILE });
    const rows = [];
    for (const levelFadeTime of [0, FADE_TIME]) {
        rows.push(await page.evaluate(takeMomentsAsync, { away, centre, tile: TILE, levelFadeTime, moments: MOMENTS }));
    }
    writeFileSync(file, PNG.sync.write(layOut(rows), { colorType: 2 }));
    return away;
}

/** Rows of tiles, each base64 of four bytes a pixel, the lowest line first. */
function layOut(rows) {
    const width = MOMENTS * (TILE.width + GAP) - GAP;
    const height = rows.length * (TILE.height + GAP) - GAP;
    const strip = new PNG({ width, height });
    strip.data.fill(255);
    rows.forEach((tiles, row) =>
        tiles.forEach((text, column) => {
            const pixels = Buffer.from(text, "base64");
            for (let y = 0; y < TILE.height; y++) {
                const from = (TILE.height - 1 - y) * TILE.width * 4;
                const to = ((row * (TILE.height + GAP) + y) * width + column * (TILE.width + GAP)) * 4;
                pixels.copy(strip.data, to, from, from + TILE.width * 4);
            }
        }),
    );
    return strip;
}

// What follows runs in the page, each function alone.

/**
 * Stops the page's clock, which is the world's, and gives the page `strip`: what takes frames by it. The world takes the camera
 * to be some metres to the right of where it is.
 */
function holdClock() {
    let ms = performance.now();
    performance.now = () => ms;
    const { engine, scene, camera, world } = globalThis.terrane;
    const eye = camera.position.clone();
    const right = { x: Math.cos(camera.rotation.y), z: -Math.sin(camera.rotation.y) };
    const comeFirst = true;
    scene.onBeforeRenderObservable.add(
        () => {
            camera.position.x += right.x * globalThis.strip.away;
            camera.position.z += right.z * globalThis.strip.away;
        },
        undefined,
        comeFirst,
    );
    scene.onBeforeRenderObservable.add(() => camera.position.copyFrom(eye));
    const frameAsync = async () => {
        engine.beginFrame();
        scene.render();
        engine.endFrame();
        await new Promise((resolve) => setTimeout(resolve));
    };
    globalThis.strip = {
        away: 0,
        frameAsync,
        advance: (by) => (ms += by),
        /** Renders until all that is wanted has come. */
        settleAsync: async () => {
            for (let calm = 0; calm < 3;) {
                await frameAsync();
                const { pendingRequests, bakingChunks, waitingForUpload } = world.getStats();
                calm = pendingRequests + bakingChunks + waitingForUpload === 0 ? calm + 1 : 0;
            }
        },
        /** The canvas, or a part of it around a pixel; the lowest line first. */
        pixelsAsync: async (centre, tile) => {
            await frameAsync();
            const [width, height] = [engine.getRenderWidth(), engine.getRenderHeight()];
            const size = tile ?? { width, height };
            const within = (at, length, whole) => Math.max(0, Math.min(whole - length, Math.round(at - length / 2)));
            const left = centre === undefined ? 0 : within(centre.x, size.width, width);
            const low = centre === undefined ? 0 : within(centre.y, size.height, height);
            const { buffer, byteOffset, byteLength } = await engine.readPixels(left, low, size.width, size.height);
            return new Uint8Array(buffer, byteOffset, byteLength).slice();
        },
    };
}

/** @returns how far away the viewer is before and after an exchange, and the pixel around which the picture changes most */
async function findExchangeAsync({ path, tile }) {
    const STEPS = 6;
    const CELL = 16;
    const { strip, terrane } = globalThis;
    const { engine, world } = terrane;
    const [width, height] = [engine.getRenderWidth(), engine.getRenderHeight()];
    world.levelFadeTime = 0;
    strip.away = path[0];
    await strip.settleAsync();
    let before = await strip.pixelsAsync();
    let best = { score: -1 };
    for (let step = 1; step <= STEPS; step++) {
        const away = strip.away;
        strip.away = path[0] + ((path[1] - path[0]) * step) / STEPS;
        await strip.settleAsync();
        const after = await strip.pixelsAsync();
        const found = mostChanged(before, after);
        if (found.score > best.score) {
            best = { ...found, away: [away, strip.away] };
        }
        before = after;
    }
    return best;

    /** Where a tile holds most of what changes. */
    function mostChanged(one, other) {
        const [columns, rows] = [Math.floor(width / CELL), Math.floor(height / CELL)];
        const cells = new Float64Array(columns * rows);
        for (let y = 0; y < rows * CELL; y++) {
            for (let x = 0; x < columns * CELL; x++) {
                const at = (y * width + x) * 4;
                const change =
                    Math.abs(one[at] - other[at]) +
                    Math.abs(one[at + 1] - other[at + 1]) +
                    Math.abs(one[at + 2] - other[at + 2]);
                cells[Math.floor(y / CELL) * columns + Math.floor(x / CELL)] += change;
            }
        }
        const [across, up] = [Math.floor(tile.width / CELL), Math.floor(tile.height / CELL)];
        const most = { score: -1, centre: null };
        for (let row = 0; row + up <= rows; row++) {
            for (let column = 0; column + across <= columns; column++) {
                let sum = 0;
                for (let i = 0; i < across * up; i++) {
                    sum += cells[(row + Math.floor(i / across)) * columns + column + (i % across)];
                }
                if (sum > most.score) {
                    most.score = sum;
                    most.centre = { x: (column + across / 2) * CELL, y: (row + up / 2) * CELL };
                }
            }
        }
        return most;
    }
}

/** @returns tiles of one exchange, in equal steps of time */
async function takeMomentsAsync({ away, centre, tile, levelFadeTime, moments }) {
    const { strip, terrane } = globalThis;
    terrane.world.levelFadeTime = 0;
    strip.away = away[0];
    await strip.settleAsync();
    terrane.world.levelFadeTime = levelFadeTime;
    // The variant of the shader that fades is compiled beside the page.
    for (let frame = 0; frame < 10; frame++) {
        await strip.frameAsync();
    }
    const tiles = [await strip.pixelsAsync(centre, tile)];
    strip.away = away[1];
    await strip.settleAsync();
    for (let moment = 1; moment < moments; moment++) {
        strip.advance((levelFadeTime * 1000) / (moments - 1));
        tiles.push(await strip.pixelsAsync(centre, tile));
    }
    return tiles.map((pixels) => globalThis.btoa(Array.from(pixels, (byte) => String.fromCharCode(byte)).join("")));
}
