import { NullEngine } from "@babylonjs/core/Engines/nullEngine.js";
import { Vector4 } from "@babylonjs/core/Maths/math.vector.js";
import { FromHalfFloat } from "@babylonjs/core/Misc/textureTools.js";
import { Scene } from "@babylonjs/core/scene.js";
import { HorizonMap, type HeightSource } from "../../../src/environment/horizonMap.js";

const SIDE = 64;
const SPACING = 10;
/** A wall 100 m high at x = 0, 10 m thick. */
const WALL: HeightSource = { sampleHeight: (x) => (Math.abs(x) < 5.1 ? 100 : 0) };

let engine: NullEngine;
let scene: Scene;

beforeEach(() => {
    engine = new NullEngine();
    scene = new Scene(engine);
});

afterEach(() => {
    engine.dispose();
});

const lightAt = (degrees: number, east = 1) => {
    const angle = (degrees * Math.PI) / 180;
    return { x: east * Math.cos(angle), y: Math.sin(angle), z: 0 };
};

function finish(map: HorizonMap, light: { x: number; y: number; z: number }, x = 0): number {
    let updates = 1;
    while (!map.update(x, 0, light, 0)) {
        updates++;
    }
    return updates;
}

/** Shadow and height at (x, 0). */
function texelAt(map: HorizonMap, x: number): { shadow: number; height: number } {
    const texels = (map as unknown as { _texels: Uint16Array })._texels;
    const uv = new Vector4();
    map.placeToRef(x, 0, uv);
    const at = Math.floor(uv.y * SIDE) * SIDE + Math.floor(uv.x * SIDE);
    return { shadow: FromHalfFloat(texels[at * 2]!), height: FromHalfFloat(texels[at * 2 + 1]!) };
}

test("has no place before it is whole, and is filled a little at a time", () => {
    const map = new HorizonMap("map", scene, WALL, { side: SIDE, spacing: SPACING }, 0);
    const place = new Vector4(1, 1, 1, 1);
    map.placeToRef(0, 0, place);
    expect(place.asArray()).toEqual([0, 0, 0, 0]);
    expect(finish(map, lightAt(30))).toBeGreaterThan(100);
    map.placeToRef(0, 0, place);
    expect(place.x).toBeCloseTo(0.5, 1);
    expect(place.z).toBeCloseTo(1 / (SIDE * SPACING), 9);
});

test("a wall's shadow falls away from the light, as long as the light is low", () => {
    const map = new HorizonMap("map", scene, WALL, { side: SIDE, spacing: SPACING }, 0);
    finish(map, lightAt(45));
    // The light is in the east: 45 degrees make a shadow as long as the wall is high.
    expect(texelAt(map, -55).shadow).toBeCloseTo(50, -1);
    expect(texelAt(map, -150).shadow).toBeLessThan(0);
    expect(texelAt(map, 55).shadow).toBeLessThan(0);
    expect(texelAt(map, -55).height).toBe(0);
    finish(map, lightAt(20));
    expect(texelAt(map, -150).shadow).toBeGreaterThan(30);
    finish(map, lightAt(45, -1));
    expect(texelAt(map, 55).shadow).toBeCloseTo(50, -1);
    expect(texelAt(map, -55).shadow).toBeLessThan(0);
});

test("light that moves sweeps anew, in parts, and samples no height again", () => {
    let samples = 0;
    const source: HeightSource = { sampleHeight: (x, z) => (samples++, WALL.sampleHeight(x, z)) };
    const map = new HorizonMap("map", scene, source, { side: SIDE, spacing: SPACING }, 0);
    finish(map, lightAt(45));
    expect(samples).toBe(SIDE * SIDE);
    const { edition } = map;
    expect(map.update(0, 0, lightAt(45.01), 0)).toBe(true);
    expect(map.edition).toBe(edition);
    expect(map.update(0, 0, lightAt(44), 0)).toBe(false);
    // What is shown is whole until the next is.
    expect(map.edition).toBe(edition);
    expect(finish(map, lightAt(44))).toBeGreaterThan(5);
    expect(map.edition).toBe(edition + 1);
    expect(samples).toBe(SIDE * SIDE);
});

test("a viewer who goes on takes it along, and what is known is not asked again", () => {
    let samples = 0;
    const source: HeightSource = { sampleHeight: (x, z) => (samples++, WALL.sampleHeight(x, z)) };
    const map = new HorizonMap("map", scene, source, { side: SIDE, spacing: SPACING }, 0);
    finish(map, lightAt(45));
    samples = 0;
    finish(map, lightAt(45), 100);
    expect(samples).toBe(10 * SIDE);
    expect(texelAt(map, -55).shadow).toBeCloseTo(50, -1);
});

test("heights are above the base altitude, and other ground is asked for anew", () => {
    let height = 40;
    const map = new HorizonMap("map", scene, { sampleHeight: () => height }, { side: SIDE, spacing: SPACING }, 10);
    finish(map, lightAt(45));
    expect(texelAt(map, 0).height).toBe(30);
    height = 60;
    map.invalidate();
    // The old picture stays in its place meanwhile.
    const place = new Vector4();
    map.placeToRef(0, 0, place);
    expect(place.z).toBeGreaterThan(0);
    finish(map, lightAt(45));
    expect(texelAt(map, 0).height).toBe(50);
});

test("a larger map around it casts its shadows in", () => {
    const wall: HeightSource = { sampleHeight: (x) => (Math.abs(x - 600) < 25 ? 400 : 0) };
    const light = lightAt(30);
    const far = new HorizonMap("far", scene, wall, { side: SIDE, spacing: 40 }, 0);
    finish(far, light);
    const near = new HorizonMap("near", scene, wall, { side: SIDE, spacing: SPACING }, 0, far);
    finish(near, light);
    expect(texelAt(near, 200).shadow).toBeGreaterThan(100);
    const alone = new HorizonMap("alone", scene, wall, { side: SIDE, spacing: SPACING }, 0);
    finish(alone, light);
    expect(texelAt(alone, 200).shadow).toBeLessThan(0);
});
