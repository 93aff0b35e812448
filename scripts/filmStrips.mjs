// Film strips of an exchange of levels, from the page of the test of pops: above as levels switch at once, below as they dissolve
// into each other.
import { writeFileSync } from "node:fs";
import { PNG } from "pngjs";

/** Frames of a strip, and how many of a sixtieth of a second lie between two: one before the exchange, one after its end. */
const TILES = 8;
const STEP = 4;
/** Pixels: of the page's pictures, of a tile in them, and how many times as large it is drawn. */
const PICTURE = { width: 320, height: 180 };
const TILE = { width: 96, height: 72 };
const ZOOM = 2;
const GAP = 4;
/** Frames in which an exchange is looked for. */
const FRAMES = 240;
const SEED = 1;

/**
 * Takes a strip of the exchange that changes a picture most while a viewer passes, and writes it to `file`.
 *
 * @param {import("playwright-core").Page} page of the test of pops
 * @param {string} file
 * @param {"rough ground" | "a cave's mouth"} place
 */
export async function takeFilmStripAsync(page, file, place) {
    // A plain material: it shows shapes alone, which is what an exchange changes.
    const setup = { seed: SEED, place, from: -FRAMES / 2, frames: FRAMES, hasLook: false, allowed: 1 };
    const passAsync = (more) => page.evaluate((each) => globalThis.pops.passAsync(each), { ...setup, ...more });
    const { worstFrame, pictures } = await passAsync({ levelFadeTime: 0 });
    const corner = mostChanged(...pictures.map((text) => Buffer.from(text, "base64")));
    const kept = Array.from({ length: TILES }, (_, i) => worstFrame - 1 + i * STEP);
    const frames = Math.max(FRAMES, kept.at(-1));
    const rows = [];
    for (const levelFadeTime of [0, undefined]) {
        rows.push((await passAsync({ levelFadeTime, kept, frames })).kept.map((text) => Buffer.from(text, "base64")));
    }
    writeFileSync(file, PNG.sync.write(layOut(rows, corner), { colorType: 2 }));
}

/** The low left corner of the tile that holds most of what changes from one picture to the other. */
function mostChanged(one, other) {
    let best = { x: 0, y: 0, sum: -1 };
    for (let y = 0; y + TILE.height <= PICTURE.height; y += 4) {
        for (let x = 0; x + TILE.width <= PICTURE.width; x += 4) {
            let sum = 0;
            for (let row = y; row < y + TILE.height; row++) {
                for (let at = (row * PICTURE.width + x) * 4; at < (row * PICTURE.width + x + TILE.width) * 4; at++) {
                    sum += Math.abs(one[at] - other[at]);
                }
            }
            best = sum > best.sum ? { x, y, sum } : best;
        }
    }
    return best;
}

/** Rows of pictures, of which a tile is cut out at a corner; each of four bytes a pixel, the lowest line first. */
function layOut(rows, corner) {
    const [tileWidth, tileHeight] = [TILE.width * ZOOM, TILE.height * ZOOM];
    const strip = new PNG({ width: TILES * (tileWidth + GAP) - GAP, height: rows.length * (tileHeight + GAP) - GAP });
    strip.data.fill(255);
    rows.forEach((pictures, row) =>
        pictures.forEach((pixels, column) => {
            for (let y = 0; y < tileHeight; y++) {
                const line = corner.y + TILE.height - 1 - Math.floor(y / ZOOM);
                for (let x = 0; x < tileWidth; x++) {
                    const from = (line * PICTURE.width + corner.x + Math.floor(x / ZOOM)) * 4;
                    const to = (row * (tileHeight + GAP) + y) * strip.width + column * (tileWidth + GAP) + x;
                    pixels.copy(strip.data, to * 4, from, from + 4);
                }
            }
        }),
    );
    return strip;
}
