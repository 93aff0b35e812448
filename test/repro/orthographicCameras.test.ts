import { Camera } from "@babylonjs/core/Cameras/camera.js";
import { Vector3 } from "@babylonjs/core/Maths/math.vector.js";
import { CameraViewer } from "../../src/babylon/cameraViewer.js";
import type { ChunkAddress } from "../../src/space/chunkAddress.js";
import { createScene } from "../unit/babylon/fixtures.js";
import { createRuntime, recipe, settleWorldAsync, VIEW } from "../unit/runtime/fakeWorld.js";

// Levels followed the distance from an orthographic camera, to which its picture is all the same: 0.6 to 128 pixels a vertex.

const VIEW_DISTANCE = 10_000;
const ERROR = 3;
const SPACING = recipe.chunkSize / recipe.terrain.resolution;
/** Metres of error a metre of spacing: see splitDistances.ts. */
const ERROR_PER_SPACING = 0.3;
// The null engine's picture.
const WIDTH = 640;
const HEIGHT = 360;

function createMap(settings: Parameters<typeof createRuntime>[0] = {}) {
    let nowMs = 0;
    const { engine, camera } = createScene();
    const viewer = new CameraViewer();
    const world = createRuntime(
        { viewDistance: VIEW_DISTANCE, screenSpaceError: ERROR, memoryLimitBytes: 2 ** 33, ...settings },
        {},
        () => nowMs,
    );
    world.runtime.removeViewer(world.viewer);
    world.runtime.addViewer(viewer);
    camera.mode = Camera.ORTHOGRAPHIC_CAMERA;
    const look = (eye: Vector3, target: Vector3, width: number | null): void => {
        camera.position = eye;
        camera.setTarget(target);
        const half = width === null ? null : width / 2;
        camera.orthoRight = half;
        camera.orthoLeft = half === null ? null : -half;
        camera.orthoTop = half === null ? null : (half * HEIGHT) / WIDTH;
        camera.orthoBottom = half === null ? null : (-half * HEIGHT) / WIDTH;
        camera.computeWorldMatrix();
        viewer.readFrom(camera);
    };
    const frame = (ms = 16): void => {
        nowMs += ms;
        world.runtime.updateFrame(VIEW);
    };
    return { ...world, engine, camera, viewer, look, frame, settleAsync: () => settleWorldAsync(world) };
}

const DOWN = new Vector3(0.001, -1, 0);

/** Levels shown at places of the picture, from its middle to its corners. */
function levelsSeen(shown: readonly ChunkAddress[], x: number, z: number, width: number, depth: number): number[] {
    const levels: number[] = [];
    for (let i = -10; i <= 10; i++) {
        for (let j = -10; j <= 10; j++) {
            const [px, pz] = [x + (i * width) / 20.001, z + (j * depth) / 20.001];
            const at = shown.filter((address) => {
                const side = recipe.chunkSize * 2 ** address.level;
                return Math.floor(px / side) === address.x && Math.floor(pz / side) === address.z;
            });
            expect(at).toHaveLength(1);
            levels.push(at[0]!.level);
        }
    }
    return levels;
}

const errorPixels = (level: number, width: number): number =>
    level === 0 ? 0 : (ERROR_PER_SPACING * SPACING * 2 ** level * WIDTH) / width;

test("a map of 200 m, 10 km in sight, takes under 1,000 chunks, and is as fine as the picture can show", async () => {
    const map = createMap();
    map.look(new Vector3(300, 4000, -700), new Vector3(300, 4000, -700).add(DOWN), 200);
    await map.settleAsync();
    const { shown } = map.sink;
    expect(shown.length).toBeLessThan(1000);
    expect(new Set(levelsSeen(shown, 300, -700, 200, (200 * HEIGHT) / WIDTH))).toEqual(new Set([0]));
    // Fine ground lies in the picture and one chunk around, and nowhere else.
    for (const { level, x, z } of shown) {
        const side = recipe.chunkSize * 2 ** level;
        const away = Math.max(Math.abs((x + 0.5) * side - 300) - 100, Math.abs((z + 0.5) * side + 700) - 57) - side / 2;
        expect([level < 7 && away > 3 * side, level, x, z]).toEqual([false, level, x, z]);
    }
    map.engine.dispose();
});

test.each([
    ["in", [20_000, 7000, 2500, 900, 333, 100, 30, 5]],
    ["out", [5, 30, 100, 333, 900, 2500, 7000, 20_000]],
])("zooming %s, every picture is as fine as it is to be and no finer than a level more", async (_way, widths) => {
    const map = createMap();
    for (const width of widths) {
        map.look(new Vector3(0, 3000, 0), new Vector3(0, 3000, 0).add(DOWN), width);
        await map.settleAsync();
        const { shown } = map.sink;
        expect(shown.length).toBeLessThan(1000);
        const seen = Math.min(width, VIEW_DISTANCE);
        const levels = levelsSeen(shown, 0, 0, seen, (seen * HEIGHT) / WIDTH);
        // What is split stays so a little longer.
        expect(errorPixels(Math.max(...levels), width)).toBeLessThanOrEqual(ERROR * (1 + 1e-6));
        const most = Math.max(...shown.map(({ level }) => level));
        const finest = Math.min(...levels);
        expect(finest === most || errorPixels(finest + 1, width) > ERROR / 1.16).toBe(true);
    }
    map.engine.dispose();
});

test("the height from which a map is taken changes nothing", async () => {
    const levelsAt = async (height: number): Promise<number[]> => {
        const map = createMap();
        map.look(new Vector3(10, height, 20), new Vector3(10, height, 20).add(DOWN), 800);
        map.camera.maxZ = 1e6;
        map.look(new Vector3(10, height, 20), new Vector3(10, height, 20).add(DOWN), 800);
        await map.settleAsync();
        map.engine.dispose();
        return levelsSeen(map.sink.shown, 10, 20, 800, 450);
    };
    const low = await levelsAt(100);
    expect(await levelsAt(2000)).toEqual(low);
    expect(await levelsAt(50_000)).toEqual(low);
});

test("without extents a pixel is a metre, as Babylon has it", async () => {
    const map = createMap();
    map.look(new Vector3(0, 500, 0), new Vector3(0, 500, 0).add(DOWN), null);
    await map.settleAsync();
    const levels = levelsSeen(map.sink.shown, 0, 0, WIDTH, HEIGHT);
    expect(errorPixels(Math.max(...levels), WIDTH)).toBeLessThanOrEqual(ERROR);
    expect(errorPixels(Math.min(...levels) + 1, WIDTH)).toBeGreaterThan(ERROR);
    map.engine.dispose();
});

test.each([60, 35, 10])("a camera tilted to %d degrees has its ground, however far away it stands", async (degrees) => {
    const pitch = (degrees * Math.PI) / 180;
    for (const distance of [300, 8000]) {
        const map = createMap({ viewDistance: 2000 });
        const target = new Vector3(777, 0, -555);
        const back = new Vector3(Math.cos(pitch) * 0.6, Math.sin(pitch), Math.cos(pitch) * 0.8).scale(distance);
        map.camera.maxZ = 50_000;
        map.look(target.add(back), target, 100);
        map.frame();
        await map.settleAsync();
        const { shown } = map.sink;
        expect(shown.length).toBeLessThan(1000);
        // A circle within the picture, whatever its heading.
        expect(new Set(levelsSeen(shown, target.x, target.z, 38, 38))).toEqual(new Set([0]));
        map.engine.dispose();
    }
});

test("a side view has its strip of ground between near and far", async () => {
    const map = createMap({ viewDistance: 3000 });
    map.camera.minZ = 100;
    map.camera.maxZ = 1000;
    map.look(new Vector3(0, 10, 0), new Vector3(1, 10, 0), 200);
    await map.settleAsync();
    expect(new Set(levelsSeen(map.sink.shown, 550, 0, 880, 180))).toEqual(new Set([0]));
    expect(map.sink.shown.length).toBeLessThan(1000);
    map.engine.dispose();
});

test("while a map is dragged its ground is prefetched, and ground elsewhere comes for who asks", async () => {
    const map = createMap({ viewDistance: 2000, prefetchTime: 4 });
    const eye = new Vector3(0, 1000, 0);
    map.look(eye, eye.add(DOWN), 200);
    map.frame();
    await map.settleAsync();
    for (let i = 0; i < 600; i++) {
        eye.x += 1;
        map.look(eye, eye.add(DOWN), 200);
        map.frame();
        while (map.executor.waiting.length > 0) {
            await map.executor.finishAsync();
        }
    }
    const { shownPrefetched, shownChunks, prefetchedChunks } = map.runtime.getStats();
    expect(prefetchedChunks).toBeGreaterThan(10);
    expect(shownChunks).toBeGreaterThan(0);
    expect(shownPrefetched).toBeGreaterThan(5);

    const place = { x: eye.x, y: 0, z: 1500 };
    const asked = { position: place, radius: 50 };
    expect(map.runtime.isGroundReady(eye, 50)).toBe(true);
    map.runtime.addViewer(asked);
    map.frame();
    expect(map.runtime.isGroundReady(place, 50)).toBe(false);
    await map.settleAsync();
    expect(map.runtime.isGroundReady(place, 50)).toBe(true);
    expect(new Set(levelsSeen(map.sink.shown, place.x, place.z, 50, 50))).toEqual(new Set([0]));
    map.engine.dispose();
});

test("a map that trembles at the edge of a chunk neither drops nor fetches again and again", async () => {
    const map = createMap();
    const look = (x: number): void => map.look(new Vector3(x, 1000, 0), new Vector3(x, 1000, 0).add(DOWN), 200);
    for (let edge = -100; edge <= 100; edge += 4) {
        for (let i = 0; i < 4; i++) {
            look(edge + (i % 2 === 0 ? 0.5 : -0.5));
            await map.settleAsync();
        }
        const { uploads } = map.sink;
        for (let i = 0; i < 8; i++) {
            look(edge + (i % 2 === 0 ? 0.5 : -0.5));
            await map.settleAsync();
        }
        expect([edge, map.sink.uploads - uploads]).toEqual([edge, 0]);
    }
    map.engine.dispose();
});

test("frames of a map leave next to no garbage", async () => {
    const map = createMap();
    const eye = new Vector3(0, 1000, 0);
    map.look(eye, eye.add(new Vector3(0.3, -1, 0.5)), 200);
    map.frame();
    await map.settleAsync();
    const frames = 1500;
    const measure = (): number => {
        let bytes = 0;
        for (let i = 0; i < frames; i++) {
            const before = process.memoryUsage().heapUsed;
            map.viewer.readFrom(map.camera);
            map.runtime.updateFrame(VIEW);
            bytes += Math.max(0, process.memoryUsage().heapUsed - before);
        }
        return bytes / frames;
    };
    const first = measure();
    expect(Math.min(first, measure(), measure())).toBeLessThan(2048);
    map.engine.dispose();
});
