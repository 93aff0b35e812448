import { Camera } from "@babylonjs/core/Cameras/camera.js";
import { FreeCamera } from "@babylonjs/core/Cameras/freeCamera.js";
import { StandardMaterial } from "@babylonjs/core/Materials/standardMaterial.js";
import { RenderTargetTexture } from "@babylonjs/core/Materials/Textures/renderTargetTexture.js";
import { Frustum } from "@babylonjs/core/Maths/math.frustum.js";
import { Matrix, Vector3 } from "@babylonjs/core/Maths/math.vector.js";
import { ScenePerformancePriority } from "@babylonjs/core/scene.js";
import { ChunkMeshPool } from "../../../src/babylon/chunkMeshPool.js";
import type { PooledChunk } from "../../../src/babylon/pooledChunk.js";
import { ChunkBaker } from "../../../src/bake/chunkBaker.js";
import { initHashAsync } from "../../../src/base/hash.js";
import { readChunkHeader, VertexLayout, writeChunkHeader } from "../../../src/format/chunkData.js";
import { heightGridIndexCount, heightGridVertexCount } from "../../../src/meshing/heightGridIndices.js";
import { flatAddress } from "../../../src/space/chunkAddress.js";
import { loadKernelsAsync } from "../../support/kernels.js";
import { bakeChunk, createScene, heightsOf, PLAIN_RECIPE } from "./fixtures.js";

const kernels = await loadKernelsAsync();
beforeAll(initHashAsync);

const SIDE = PLAIN_RECIPE.chunkSize;
const { resolution } = PLAIN_RECIPE.terrain;
const INDICES = heightGridIndexCount({ resolution, hasWalls: false });
const VERTICES = heightGridVertexCount({ resolution, hasWalls: false });

/**
 * Four siblings around (-1, 2) x 2, shown; `calm` frames later they are merged.
 *
 * @param move changes the bytes of the one at a place of the list
 */
function showSiblings(calm = 30, move: (bytes: Uint8Array, i: number) => void = () => {}) {
    const host = createScene();
    const pool = new ChunkMeshPool(host.scene, {
        name: "ground",
        resolution,
        material: null,
        receiveShadows: true,
    });
    const baker = new ChunkBaker(PLAIN_RECIPE, kernels);
    const chunks = [0, 1, 2, 3].map((i) => {
        const address = flatAddress(0, -2 + (i & 1), 4 + (i >> 1));
        const bytes = bakeChunk(baker, address);
        move(bytes, i);
        return pool.upload(address, bytes);
    });
    chunks.forEach((chunk) => pool.show(chunk));
    for (let i = 0; i < calm; i++) {
        pool.update();
    }
    return { ...host, pool, chunks };
}

/** The planes of a camera at (x, z), high up, that sees a square of `width` metres straight below. */
function lookDown(x: number, z: number, width: number) {
    const view = Matrix.LookAtLH(new Vector3(x, 5000, z), new Vector3(x, 0, z), new Vector3(0, 0, 1));
    return Frustum.GetPlanes(view.multiply(Matrix.OrthoLH(width, width, 1, 10_000)));
}

/** Places whose members a merged mesh draws. */
function drawnPlaces(chunk: PooledChunk): number[] {
    const { indexStart, indexCount } = chunk.mesh!.subMeshes[0]!;
    return placesOf(indexStart, indexCount);
}

test("four siblings that stay are drawn by one mesh, in whose frame their bytes are the same ground", () => {
    const { pool, chunks, engine, scene } = showSiblings();
    expect(new Set(chunks.map((chunk) => chunk.mesh)).size).toBe(1);
    expect(pool.shownMeshes()).toEqual([chunks[0]!.mesh]);
    expect(pool.stats).toMatchObject({ mergedMeshesShown: 1, meshesShown: 4, meshesInUse: 0, meshes: 4 });
    const mesh = chunks[0]!.mesh!;
    expect(mesh.position.x).toBe(-2 * SIDE);
    expect(mesh.position.z).toBe(4 * SIDE);
    const { minimumWorld, maximumWorld } = mesh.getBoundingInfo().boundingBox;
    const heights = chunks.map(({ bytes }) => heightsOf(bytes));
    expect(minimumWorld.y).toBeCloseTo(Math.min(...heights.map(([low]) => low)), 2);
    expect(maximumWorld.y).toBeCloseTo(Math.max(...heights.map(([, high]) => high)), 2);
    expect([minimumWorld.x, maximumWorld.x]).toEqual([-2 * SIDE, 0]);
    expect(scene.meshes.filter((each) => each.isEnabled())).toEqual([mesh]);
    engine.dispose();
});

test("every vertex of a member stands where it stood, in whole quanta", () => {
    const { pool, chunks, engine } = showSiblings(0);
    const uploads: { data: Int16Array; offset: number }[] = [];
    engine.updateDynamicVertexBuffer = (_, data, byteOffset, byteLength) => {
        uploads.push({
            data: new Int16Array((data as unknown as Uint8Array).slice(0, byteLength).buffer),
            offset: byteOffset ?? 0,
        });
    };
    for (let i = 0; i < 30; i++) {
        pool.update();
    }
    expect(uploads).toHaveLength(4);
    const { mesh } = chunks[0]!;
    const words = VertexLayout.stride / 2;
    for (const { bytes, quantum, origin, address } of chunks) {
        const place = [0, 1, 3, 2][(address.z & 1) * 2 + (address.x & 1)]!;
        const { data } = uploads.find(({ offset }) => offset === place * VERTICES * VertexLayout.stride)!;
        const own = new Int16Array(bytes.slice(128).buffer, 0, VERTICES * words);
        for (let vertex = 0; vertex < VERTICES; vertex++) {
            const at = vertex * words;
            expect(mesh!.position.x + data[at]! * quantum).toBe(address.x * SIDE + own[at]! * quantum);
            expect(mesh!.position.y + data[at + 1]! * quantum).toBe(origin.y + own[at + 1]! * quantum);
            expect(mesh!.position.z + data[at + 2]! * quantum).toBe(address.z * SIDE + own[at + 2]! * quantum);
        }
        expect(data.subarray(3, words)).toEqual(own.subarray(3, words));
    }
    engine.dispose();
});

/** Moves the origin of a chunk, as its header has it. */
function moveOrigin(bytes: Uint8Array, by: readonly [number, number, number]): void {
    const header = readChunkHeader(bytes);
    const { x, y, z } = header.origin;
    writeChunkHeader(bytes, { ...header, origin: { x: x + by[0], y: y + by[1], z: z + by[2] } });
}

test("siblings lie where their headers say, whatever their addresses", () => {
    const there = showSiblings();
    const { chunks, engine } = showSiblings(30, (bytes) => moveOrigin(bytes, [1024, -512, 4096]));
    const [mesh, other] = [chunks[0]!.mesh!, there.chunks[0]!.mesh!];
    expect(chunks[3]!.mesh).toBe(mesh);
    expect(mesh.position.subtract(other.position).asArray()).toEqual([1024, -512, 4096]);
    const [box, otherBox] = [mesh, other].map((each) => each.getBoundingInfo().boundingBox);
    expect(box!.minimumWorld.subtract(otherBox!.minimumWorld).asArray()).toEqual([1024, -512, 4096]);
    expect(box!.maximumWorld.subtract(otherBox!.maximumWorld).asArray()).toEqual([1024, -512, 4096]);
    engine.dispose();
    there.engine.dispose();
});

test.each([0, 1, 2])("siblings that int16 does not span along axis %d are drawn one by one", (axis) => {
    const { pool, chunks, engine } = showSiblings(30, (bytes, i) => {
        const by: [number, number, number] = [0, 0, 0];
        by[axis] = i === 3 ? 2 ** 17 * readChunkHeader(bytes).quantum : 0;
        moveOrigin(bytes, by);
    });
    expect(pool.stats.mergedMeshesShown).toBe(0);
    expect(new Set(chunks.map((chunk) => chunk.mesh)).size).toBe(4);
    engine.dispose();
});

test("before they have stayed, or after one went, they are drawn alone; of three the run is one", () => {
    const { pool, chunks, engine } = showSiblings(5);
    expect(pool.stats.mergedMeshesShown).toBe(0);
    expect(new Set(chunks.map((chunk) => chunk.mesh)).size).toBe(4);
    for (let i = 0; i < 30; i++) {
        pool.update();
    }
    expect(pool.stats.mergedMeshesShown).toBe(1);
    const [first, second, third, fourth] = chunks as [PooledChunk, PooledChunk, PooledChunk, PooledChunk];

    pool.hide(second);
    pool.release(second);
    expect(second.mesh).toBeNull();
    expect(drawnPlaces(first)).toEqual([2, 3, 0]);
    expect(pool.stats).toMatchObject({ mergedMeshesShown: 1, meshesShown: 3 });

    pool.hide(third);
    expect(pool.stats).toMatchObject({ mergedMeshesShown: 0, meshesShown: 2, meshesInUse: 2 });
    expect([first, fourth].map((chunk) => chunk.mesh!.isEnabled(false))).toEqual([true, true]);
    expect(first.mesh).not.toBe(fourth.mesh);

    pool.show(third);
    expect(third.mesh!.isEnabled(false)).toBe(true);
    expect(third.mesh!.subMeshes[0]).toMatchObject({ indexCount: INDICES, verticesCount: VERTICES });
    engine.dispose();
});

/** Draws frames of a scene with a camera high up that sees a square straight below, and tells which places a merged mesh drew. */
async function drawnFromAsync({ scene, engine, camera, pool, chunks }: ReturnType<typeof showSiblings>) {
    pool.material = new StandardMaterial("ground", scene);
    // Babylon loads shaders when they are first asked for.
    await pool.material.forceCompilationAsync(chunks[0]!.mesh!);
    const ranges: [number, number][] = [];
    engine.drawElementsType = (_fillMode, start, count) => {
        ranges.push([start, count]);
    };
    camera.mode = Camera.ORTHOGRAPHIC_CAMERA;
    camera.rotation.x = Math.PI / 2;
    camera.maxZ = 10_000;
    return (x: number, z: number, width: number): number[] | null => {
        camera.position.set(x, 5000, z);
        camera.orthoLeft = camera.orthoBottom = -width / 2;
        camera.orthoRight = camera.orthoTop = width / 2;
        ranges.length = 0;
        scene.render();
        const [range] = ranges;
        return range === undefined ? null : placesOf(...range);
    };
}

/** Places whose members a range of indices draws. */
function placesOf(indexStart: number, indexCount: number): number[] {
    return Array.from({ length: indexCount / INDICES }, (_, i) => (indexStart / INDICES + i) % 4);
}

test("a camera draws only the run of members that it sees; the mesh's own range has them all", async () => {
    const host = showSiblings();
    const { pool, chunks, engine } = host;
    const look = await drawnFromAsync(host);
    const centre = (x: number, z: number): [number, number] => [(x + 0.5) * SIDE, (z + 0.5) * SIDE];
    const drawn = { drawCalls: 0, chunksInView: 0, triangles: 0 };

    expect(look(...centre(-2, 4), 2)).toEqual([0]);
    pool.takeDrawn(drawn);
    expect(look(...centre(-1, 5), 2)).toEqual([2]);
    pool.takeDrawn(drawn);
    expect(drawn).toEqual({ drawCalls: 1, chunksInView: 1, triangles: INDICES / 3 });
    // Across the low and the high z of the low column: places go around the parent.
    expect(look((-2 + 0.5) * SIDE, 5 * SIDE, 2)).toEqual([3, 0]);
    expect(look(-SIDE, 5 * SIDE, 4 * SIDE)).toHaveLength(4);
    expect(look(...centre(3, 4), 2)).toBeNull();
    expect(drawnPlaces(chunks[0]!)).toHaveLength(4);
    engine.dispose();
});

test("each camera of a split screen draws its own run, whatever others ask about the mesh meanwhile", async () => {
    const host = showSiblings();
    const { pool, chunks, engine, scene, camera } = host;
    const look = await drawnFromAsync(host);
    const mesh = chunks[0]!.mesh!;
    look(-1.5 * SIDE, 4.5 * SIDE, 2);
    const second = new FreeCamera("second", new Vector3(-0.5 * SIDE, 5000, 5.5 * SIDE), scene);
    second.rotation.x = Math.PI / 2;
    second.maxZ = 10_000;
    second.fov = 0.001;
    scene.activeCameras = [camera, second];
    const runs: number[][] = [];
    engine.drawElementsType = (_fillMode, start, count) => {
        runs.push(placesOf(start, count));
    };
    scene.onBeforeDrawPhaseObservable.add(() => void mesh.isInFrustum(lookDown(-SIDE, 5 * SIDE, 4 * SIDE)));
    const drawn = { drawCalls: 0, chunksInView: 0, triangles: 0 };
    pool.takeDrawn(drawn);
    scene.render();
    expect(runs).toEqual([[0], [2]]);
    pool.takeDrawn(drawn);
    expect(drawn).toEqual({ drawCalls: 2, chunksInView: 2, triangles: (2 * INDICES) / 3 });
    engine.dispose();
});

test("what draws from a list of its own draws all members, before and after the camera's view", async () => {
    const host = showSiblings();
    const { chunks, engine, scene } = host;
    const look = await drawnFromAsync(host);
    const targets = ["before", "after"].map((name) => {
        const target = new RenderTargetTexture(name, 16, scene);
        target.renderList = [chunks[0]!.mesh!];
        return target;
    });
    scene.customRenderTargets.push(targets[0]!);
    scene.onAfterRenderObservable.add(() => targets[1]!.render());
    const runs: number[][] = [];
    const record = engine.drawElementsType.bind(engine);
    engine.drawElementsType = (fillMode, start, count) => {
        runs.push(placesOf(start, count));
        record(fillMode, start, count);
    };
    look(-1.5 * SIDE, 4.5 * SIDE, 2);
    expect(runs.map((run) => run.length)).toEqual([4, 1, 4]);
    engine.dispose();
});

test("where nobody asks what is in view, all members are drawn, not those of an older view", async () => {
    const host = showSiblings();
    const { engine, scene } = host;
    const look = await drawnFromAsync(host);
    expect(look(-1.5 * SIDE, 4.5 * SIDE, 2)).toEqual([0]);
    scene.skipFrustumClipping = true;
    expect(look(-0.5 * SIDE, 5.5 * SIDE, 2)).toHaveLength(4);
    scene.skipFrustumClipping = false;
    expect(look(-0.5 * SIDE, 5.5 * SIDE, 2)).toEqual([2]);
    scene.performancePriority = ScenePerformancePriority.Aggressive;
    expect(look(-1.5 * SIDE, 4.5 * SIDE, 2)).toHaveLength(4);
    engine.dispose();
});

test("three or two that follow each other are drawn together too, and four again when all are back", () => {
    const { pool, chunks, engine } = showSiblings(0);
    const calm = (): void => {
        for (let i = 0; i < 30; i++) {
            pool.update();
        }
    };
    const [first, second, third, fourth] = chunks as [PooledChunk, PooledChunk, PooledChunk, PooledChunk];
    const member = VERTICES * VertexLayout.stride;
    pool.hide(first);
    calm();
    expect(new Set([second, third, fourth].map((chunk) => chunk.mesh)).size).toBe(1);
    expect(pool.stats).toMatchObject({ mergedMeshesShown: 1, meshesShown: 3, roundingGpuBytes: member });
    expect(second.mesh!.subMeshes[0]).toMatchObject({ indexStart: 0, indexCount: 3 * INDICES });

    pool.hide(third);
    calm();
    expect(second.mesh).toBe(fourth.mesh);
    expect(drawnPlaces(second)).toHaveLength(2);
    expect(pool.stats).toMatchObject({ mergedMeshesShown: 1, meshesShown: 2, roundingGpuBytes: 2 * member });

    pool.show(first);
    pool.show(third);
    expect(new Set(chunks.map((chunk) => chunk.mesh)).size).toBe(3);
    calm();
    expect(new Set(chunks.map((chunk) => chunk.mesh)).size).toBe(1);
    expect(drawnPlaces(first)).toHaveLength(4);
    expect(pool.stats).toMatchObject({ mergedMeshesShown: 1, meshesShown: 4, meshesInUse: 0, roundingGpuBytes: 0 });
    engine.dispose();
});

test("merged meshes are recycled, trimmed and disposed like all else", () => {
    const { pool, chunks, engine, scene } = showSiblings();
    const baker = new ChunkBaker(PLAIN_RECIPE, kernels);
    const created = pool.stats.gpuBuffersCreated;
    chunks.forEach((chunk) => pool.release(chunk));
    expect(pool.stats).toMatchObject({ mergedMeshesShown: 0, meshesShown: 0, meshesInUse: 0, roundingGpuBytes: 0 });
    const again = [0, 1, 2, 3].map((i) => {
        const address = flatAddress(0, 10 + (i & 1), 10 + (i >> 1));
        return pool.upload(address, bakeChunk(baker, address));
    });
    again.forEach((chunk) => pool.show(chunk));
    for (let i = 0; i < 30; i++) {
        pool.update();
    }
    expect(pool.stats).toMatchObject({ gpuBuffersCreated: created, mergedMeshesShown: 1 });
    again.forEach((chunk) => pool.release(chunk));
    pool.trim();
    expect(pool.stats.idleGpuBytes).toBe(0);
    expect(scene.meshes).toEqual([]);
    pool.dispose();
    engine.dispose();
});
