import type { MapChunk, WorldMap } from "../../../src/inspector/inspectedWorld.js";
import { levelColor } from "../../../src/inspector/levelColors.js";
import { chunkAt, drawMap, firstView, MAP_STATES, zoomed, type MapCanvas } from "../../../src/inspector/mapDrawing.js";
import { NO_FACE } from "../../../src/space/chunkAddress.js";

/** A chunk as a square of so many metres. */
function chunkOf(level: number, x: number, z: number, side: number) {
    const place = { minX: x * side, minZ: z * side, maxX: (x + 1) * side, maxZ: (z + 1) * side };
    return { face: NO_FACE, level, x, z, ...place };
}

const SHOWN: MapChunk = { ...chunkOf(1, 0, 0, 20), state: "shown" };
const BAKING: MapChunk = { ...chunkOf(0, 0, 1, 10), state: "baking", band: "high" };
const MAP: WorldMap = {
    chunkSize: 10,
    chunks: [BAKING, SHOWN, { ...chunkOf(2, 0, 0, 40), state: "hidden" }],
    viewers: [{ x: 5, z: 15, forwardX: 0, forwardZ: 1, radius: 20 }],
};
/** 40 m over 40 pixels, south-west corner at (-15, -5). */
const VIEW = { centerX: 5, centerZ: 15, metresPerPixel: 1, width: 40, height: 40 };

interface Rect {
    readonly color: string;
    readonly at: readonly number[];
}

function createCanvas() {
    const rects: Rect[] = [];
    const arcs: number[][] = [];
    const nothing = () => {};
    const canvas = {
        fillStyle: "",
        strokeStyle: "",
        lineWidth: 0,
        globalAlpha: 1,
        fillRect: (...at: number[]) => rects.push({ color: String(canvas.fillStyle), at }),
        strokeRect: nothing,
        beginPath: nothing,
        moveTo: nothing,
        lineTo: nothing,
        arc: (...at: number[]) => arcs.push(at),
        closePath: nothing,
        fill: nothing,
        stroke: nothing,
    };
    return { canvas: canvas as unknown as MapCanvas, rects, arcs };
}

test("chunks lie north up, coarse and hidden ones below what is drawn and what comes", () => {
    const { canvas, rects, arcs } = createCanvas();
    drawMap(canvas, MAP, VIEW);
    expect(rects.slice(1)).toEqual([
        { color: MAP_STATES.hidden.color, at: [15.5, -4.5, 39, 39] },
        { color: levelColor(1), at: [15.5, 15.5, 19, 19] },
        { color: MAP_STATES.baking.color, at: [15.5, 15.5, 9, 9] },
    ]);
    expect(arcs[0]!.slice(0, 3)).toEqual([20, 20, 20]);
});

test("what lies outside is not drawn", () => {
    const { canvas, rects } = createCanvas();
    drawMap(canvas, { ...MAP, chunks: [{ ...SHOWN, ...chunkOf(1, 1000, 0, 20) }] }, VIEW);
    expect(rects).toHaveLength(1);
});

test("the chunk under a pixel is the one that is drawn on top", () => {
    expect(chunkAt(MAP, VIEW, 18, 18)).toBe(BAKING);
    expect(chunkAt(MAP, VIEW, 30, 30)).toBe(SHOWN);
    expect(chunkAt(MAP, VIEW, 2, 38)).toBeNull();
});

test("zooming keeps the place under the pointer", () => {
    const before = chunkAt(MAP, VIEW, 18, 18);
    const view = zoomed(VIEW, 18, 18, 0.5);
    expect(view.metresPerPixel).toBe(0.5);
    expect(chunkAt(MAP, view, 18, 18)).toBe(before);
    const place = (v: typeof VIEW) => v.centerX + (18 - v.width / 2) * v.metresPerPixel;
    expect(place(view)).toBeCloseTo(place(VIEW), 9);
});

test("a map begins around the first viewer", () => {
    expect(firstView(MAP, 300, 100)).toMatchObject({ centerX: 5, centerZ: 15, metresPerPixel: 4 });
    expect(firstView({ ...MAP, viewers: [] }, 100, 100)).toMatchObject({ centerX: 0, centerZ: 0 });
});
