import { FreeCamera } from "@babylonjs/core/Cameras/freeCamera.js";
import { StandardMaterial } from "@babylonjs/core/Materials/standardMaterial.js";
import { RenderTargetTexture } from "@babylonjs/core/Materials/Textures/renderTargetTexture.js";
import { Vector3 } from "@babylonjs/core/Maths/math.vector.js";
import { ChunkMeshPool } from "../../../src/babylon/chunkMeshPool.js";
import type { PooledChunk } from "../../../src/babylon/pooledChunk.js";
import { ChunkBaker } from "../../../src/bake/chunkBaker.js";
import { initHashAsync } from "../../../src/base/hash.js";
import { readChunkHeader } from "../../../src/format/chunkData.js";
import { heightGridIndexCount, heightGridVertexCount } from "../../../src/meshing/heightGridIndices.js";
import { BufferPoolManager } from "../../../src/memory/bufferPoolManager.js";
import type { Recipe } from "../../../src/recipe/recipe.js";
import { flatAddress } from "../../../src/space/chunkAddress.js";
import { caveRecipe, decodeMesh } from "../../support/bakedMesh.js";
import {
    bakeChunk,
    bakeFusedChunks,
    countsOf,
    createScene,
    heightsOf,
    PLAIN_RECIPE,
    type FusedChunk,
} from "./fixtures.js";
import { loadKernelsAsync } from "../../support/kernels.js";

const kernels = await loadKernelsAsync();

beforeAll(initHashAsync);

function createPool(recipe: Recipe, hasSkirts = true) {
    const host = createScene();
    const before = countsOf(host.scene);
    const pool = new ChunkMeshPool(host.scene, {
        name: "ground",
        resolution: recipe.terrain.resolution,
        material: null,
        receiveShadows: true,
        hasSkirts,
    });
    return { ...host, pool, before };
}

test("a chunk is hidden after its upload, then shown where its header says, at its header's size", () => {
    const { pool, engine } = createPool(PLAIN_RECIPE);
    const address = flatAddress(2, -3, 5);
    const bytes = bakeChunk(new ChunkBaker(PLAIN_RECIPE, kernels), address);
    const header = readChunkHeader(bytes);

    const chunk = pool.upload(address, bytes);
    expect(chunk.mesh!.isEnabled()).toBe(false);
    expect(pool.stats).toMatchObject({ meshes: 1, meshesInUse: 1, meshesShown: 0, trianglesShown: 0 });
    pool.show(chunk);

    expect(chunk.mesh!.isEnabled()).toBe(true);
    expect(pool.shownMeshes()).toEqual([chunk.mesh!]);
    expect(pool.stats).toMatchObject({ meshesShown: 1, trianglesShown: header.indexCount / 3 });
    const side = PLAIN_RECIPE.chunkSize * 4;
    expect(chunk.mesh!.position).toMatchObject({ _x: -3 * side, _y: header.origin.y, _z: 5 * side });
    const { minimumWorld, maximumWorld } = chunk.mesh!.getBoundingInfo().boundingBox;
    expect(minimumWorld.x).toBeCloseTo(-3 * side, 3);
    expect(maximumWorld.z).toBeCloseTo(6 * side, 3);
    const [low, high] = heightsOf(bytes);
    expect(minimumWorld.y).toBeCloseTo(low, 2);
    expect(maximumWorld.y).toBeCloseTo(high, 2);
    engine.dispose();
});

test("what a chunk's header says of its place and bounds counts, not its address", () => {
    const { pool, engine } = createPool(PLAIN_RECIPE);
    const address = flatAddress(0, 1, 2);
    const bytes = bakeChunk(new ChunkBaker(PLAIN_RECIPE, kernels), address);
    const { quantum } = readChunkHeader(bytes);
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const origin = [1024, -512, 4096] as const;
    origin.forEach((metres, axis) => view.setFloat64(72 + 8 * axis, metres, true));
    const bounds = [-1, -2, -3, 4, 5, 6] as const;
    bounds.forEach((quanta, i) => view.setInt16(96 + 2 * i, quanta, true));
    const mesh = pool.upload(address, bytes).mesh!;
    expect(mesh.position.asArray()).toEqual(origin);
    const { minimumWorld, maximumWorld } = mesh.getBoundingInfo().boundingBox;
    const expected = bounds.map((quanta, i) => origin[i % 3]! + quanta * quantum);
    expect([...minimumWorld.asArray(), ...maximumWorld.asArray()]).toEqual(expected);
    engine.dispose();
});

test("a fused chunk's bounds are those of its vertices, skirts included", () => {
    const { pool, engine } = createPool(caveRecipe());
    const [{ address, bytes }] = bakeFusedChunks(new ChunkBaker(caveRecipe(), kernels), 1) as [FusedChunk];
    const { position, indices, surfaceIndexCount } = decodeMesh(bytes, caveRecipe());
    const { minimumWorld, maximumWorld } = pool.upload(address, bytes).mesh!.getBoundingInfo().boundingBox;
    for (const [axis, name] of (["x", "y", "z"] as const).entries()) {
        const places = position.filter((_, i) => i % 3 === axis);
        expect(minimumWorld[name]).toBeCloseTo(Math.min(...places), 3);
        expect(maximumWorld[name]).toBeCloseTo(Math.max(...places), 3);
    }
    // Skirts hang below what is seen, and lie within the chunk's square.
    expect(minimumWorld.x).toBe(address.x * caveRecipe().chunkSize);
    const surface = [...indices.subarray(0, surfaceIndexCount)];
    const lowest = Math.min(...surface.map((vertex) => position[vertex * 3 + 1]!));
    expect(minimumWorld.y).toBeLessThan(lowest - 1);
    engine.dispose();
});

test("once warm, chunks come and go without a new mesh or GPU buffer", () => {
    const { pool, scene, engine } = createPool(caveRecipe());
    const baker = new ChunkBaker(caveRecipe(), kernels);
    const fused = bakeFusedChunks(baker, 4);
    expect(fused).toHaveLength(4);
    const plain = Array.from({ length: 4 }, (_, i) => flatAddress(6, i, 0)).map((address) => ({
        address,
        bytes: bakeChunk(baker, address),
    }));
    const chunks = [...fused, ...plain];
    const cycle = (): void => {
        const held = chunks.map(({ address, bytes }) => pool.upload(address, bytes));
        held.forEach((chunk) => pool.show(chunk));
        held.forEach((chunk) => pool.hide(chunk));
        held.forEach((chunk) => pool.release(chunk));
    };
    cycle();
    const created = pool.stats.gpuBuffersCreated;
    const { meshes, gpuBytes, idleGpuBytes: idle } = pool.stats;
    const held = countsOf(scene);
    expect(created).toBeGreaterThan(chunks.length);

    for (let i = 0; i < 10; i++) {
        cycle();
    }

    expect(pool.stats).toMatchObject({ gpuBuffersCreated: created, meshes, gpuBytes, meshesInUse: 0, meshesShown: 0 });
    expect(pool.stats.idleGpuBytes).toBe(idle);
    expect(countsOf(scene)).toEqual(held);
    engine.dispose();
});

test("a mesh serves another chunk whole: name, place, counts and index buffer of its own", () => {
    const { pool, engine } = createPool(caveRecipe());
    const [first, ...others] = bakeFusedChunks(new ChunkBaker(caveRecipe(), kernels), 8);
    const chunk = pool.upload(first!.address, first!.bytes);
    const mesh = chunk.mesh!;
    pool.release(chunk);
    const next = others.find(({ address, bytes }) => {
        const taken = pool.upload(address, bytes);
        const isSame = taken.mesh === mesh;
        pool.release(taken);
        return isSame;
    });
    expect(next).toBeDefined();

    pool.upload(next!.address, next!.bytes);

    const header = readChunkHeader(next!.bytes);
    expect(mesh.name).toBe(`ground 0/${next!.address.x}/${next!.address.z}`);
    expect(mesh.subMeshes[0]).toMatchObject({ indexCount: header.indexCount, verticesCount: header.vertexCount });
    expect(mesh.position.x).toBe(next!.address.x * caveRecipe().chunkSize);
    engine.dispose();
});

test("without skirts, height grids, fused chunks and siblings draw the triangles of their surface alone", () => {
    const { pool, engine } = createPool(caveRecipe(), false);
    const { resolution } = caveRecipe().terrain;
    const indexBuffers: ArrayLike<number>[] = [];
    const create = engine.createIndexBuffer.bind(engine);
    engine.createIndexBuffer = (indices, ...rest) => {
        indexBuffers.push(indices as Uint16Array);
        return create(indices, ...rest);
    };
    const baker = new ChunkBaker(caveRecipe(), kernels);
    const [fused] = bakeFusedChunks(baker, 1);
    const addresses = [0, 1, 2, 3].map((i) => flatAddress(6, i & 1, i >> 1));
    const chunks = [...addresses.map((address) => ({ address, bytes: bakeChunk(baker, address) })), fused!].map(
        ({ address, bytes }) => {
            const chunk = pool.upload(address, bytes);
            pool.show(chunk);
            const { surfaceTriangleCount, indexCount } = readChunkHeader(bytes);
            expect(3 * surfaceTriangleCount).toBeLessThan(indexCount);
            expect(chunk.mesh!.subMeshes[0]).toMatchObject({ indexStart: 0, indexCount: 3 * surfaceTriangleCount });
            return { chunk, surfaceTriangleCount };
        },
    );
    const triangles = chunks.reduce((sum, { surfaceTriangleCount }) => sum + surfaceTriangleCount, 0);
    expect(pool.stats.trianglesShown).toBe(triangles);
    for (let frame = 0; frame < 30; frame++) {
        pool.update();
    }
    const merged = chunks[0]!.chunk.mesh!;
    expect(chunks[3]!.chunk.mesh).toBe(merged);
    expect(merged.subMeshes[0]!.indexCount).toBe(4 * 6 * resolution ** 2);
    // Of a member's vertices, those of the skirts' rims come last.
    const surface = (resolution + 1) ** 2;
    const vertices = heightGridVertexCount({ resolution, hasWalls: true });
    const shared = indexBuffers.filter(({ length }) => length % (6 * resolution ** 2) === 0);
    expect(shared.map(({ length }) => length / (6 * resolution ** 2)).sort()).toEqual([1, 2, 7]);
    for (const indices of shared) {
        expect(Array.from(indices).every((index) => index % vertices < surface)).toBe(true);
    }
    engine.dispose();
});

test("what height grids share is made when the first of their layout comes, for that layout alone", () => {
    const { scene, engine } = createScene();
    const buffers = new BufferPoolManager({ memoryLimitBytes: Infinity });
    const lengths: number[] = [];
    const create = engine.createIndexBuffer.bind(engine);
    engine.createIndexBuffer = (indices, ...rest) => {
        lengths.push((indices as Uint16Array).length);
        return create(indices, ...rest);
    };
    const { resolution } = PLAIN_RECIPE.terrain;
    const pool = new ChunkMeshPool(scene, {
        name: "ground",
        resolution,
        material: null,
        receiveShadows: true,
        buffers,
    });
    expect(buffers.getGlobalStats().hits + buffers.getGlobalStats().misses).toBe(0);
    const baker = new ChunkBaker(PLAIN_RECIPE, kernels);
    [0, 1, 2, 3].map((x) =>
        pool.show(pool.upload(flatAddress(0, x & 1, x >> 1), bakeChunk(baker, flatAddress(0, x & 1, x >> 1)))),
    );
    const indices = heightGridIndexCount({ resolution, hasWalls: false });
    expect(lengths).toEqual([indices]);
    for (let frame = 0; frame < 30; frame++) {
        pool.update();
    }
    expect(lengths).toEqual([indices, 7 * indices]);
    engine.dispose();
});

test("trim gives up what no chunk uses, and only that", () => {
    const { pool, scene, engine } = createPool(PLAIN_RECIPE);
    const baker = new ChunkBaker(PLAIN_RECIPE, kernels);
    const chunks = [0, 1, 2].map((x) => pool.upload(flatAddress(0, x, 0), bakeChunk(baker, flatAddress(0, x, 0))));
    const full = pool.stats.gpuBytes;
    pool.show(chunks[0]!);
    pool.release(chunks[1]!);
    pool.release(chunks[2]!);

    expect(pool.stats.idleGpuBytes).toBeGreaterThan(0);
    const { idleGpuBytes } = pool.stats;
    pool.trim();

    expect(pool.stats.gpuBytes).toBe(full - idleGpuBytes);
    expect(pool.stats.idleGpuBytes).toBe(0);
    expect(pool.stats).toMatchObject({ meshes: 1, meshesInUse: 1, meshesShown: 1 });
    expect(scene.meshes).toEqual([chunks[0]!.mesh!]);
    engine.dispose();
});

test("counts what the active cameras' views drew of its own meshes, each view for itself; shadow maps and mirrors are none", () => {
    const { pool, scene, engine, camera } = createPool(PLAIN_RECIPE);
    const baker = new ChunkBaker(PLAIN_RECIPE, kernels);
    const load = (to: ChunkMeshPool, x: number): PooledChunk => {
        const chunk = to.upload(flatAddress(0, x, 0), bakeChunk(baker, flatAddress(0, x, 0)));
        to.show(chunk);
        return chunk;
    };
    const chunks = [0, 1, 200].map((x) => load(pool, x));
    const other = new ChunkMeshPool(scene, {
        name: "other",
        resolution: PLAIN_RECIPE.terrain.resolution,
        material: null,
        receiveShadows: true,
    });
    load(other, 0);
    const lookDown = (view: FreeCamera): FreeCamera => {
        view.position.set(PLAIN_RECIPE.chunkSize, 3000, 16);
        view.rotation.x = Math.PI / 2;
        return view;
    };
    lookDown(camera);
    camera.fov = 0.05;
    const mirror = new RenderTargetTexture("mirror", 64, scene);
    mirror.renderList = pool.shownMeshes();
    scene.customRenderTargets.push(mirror);
    const drawn = { drawCalls: 9, chunksInView: 9, triangles: 9 };

    scene.render();
    pool.takeDrawn(drawn);
    const triangles = chunks[0]!.triangleCount + chunks[1]!.triangleCount;
    expect(drawn).toEqual({ drawCalls: 2, chunksInView: 2, triangles });

    const second = lookDown(new FreeCamera("second", Vector3.Zero(), scene));
    second.fov = 0.05;
    scene.activeCameras = [camera, second];
    scene.render();
    pool.takeDrawn(drawn);
    expect(drawn).toEqual({ drawCalls: 4, chunksInView: 4, triangles: 2 * triangles });
    pool.takeDrawn(drawn);
    expect(drawn).toEqual({ drawCalls: 0, chunksInView: 0, triangles: 0 });
    engine.dispose();
});

test("any material draws the chunks, those made later too; after a lost context index buffers are new", () => {
    const { pool, scene, engine } = createPool(PLAIN_RECIPE);
    const baker = new ChunkBaker(PLAIN_RECIPE, kernels);
    const load = (x: number): PooledChunk => {
        const chunk = pool.upload(flatAddress(0, x, 0), bakeChunk(baker, flatAddress(0, x, 0)));
        pool.show(chunk);
        return chunk;
    };
    const early = load(0);
    const material = new StandardMaterial("plain", scene);
    pool.material = material;
    const late = load(-1);
    expect([early.mesh!.material, late.mesh!.material]).toEqual([material, material]);
    expect(() => scene.render()).not.toThrow();

    const lost = early.mesh!.geometry!.getIndexBuffer();
    const { uploadedBytes } = pool.stats;
    scene._rebuildGeometries();
    pool.rebuild();

    expect(early.mesh!.geometry!.getIndexBuffer()).not.toBe(lost);
    expect(early.mesh!.geometry!.getIndexBuffer()).toBe(late.mesh!.geometry!.getIndexBuffer());
    expect(early.mesh!.subMeshes[0]!.indexCount).toBe(early.triangleCount * 3);
    expect(pool.stats.uploadedBytes).toBe(uploadedBytes);
    expect(() => scene.render()).not.toThrow();
    engine.dispose();
});

test("dispose leaves the scene as it was, and a late release does no harm", () => {
    const { pool, scene, engine, before } = createPool(PLAIN_RECIPE);
    const bytes = bakeChunk(new ChunkBaker(PLAIN_RECIPE, kernels), flatAddress(0, 0, 0));
    const chunk = pool.upload(flatAddress(0, 0, 0), bytes);
    pool.show(chunk);

    pool.dispose();
    pool.hide(chunk);
    pool.release(chunk);
    pool.dispose();

    expect(countsOf(scene)).toEqual(before);
    expect(pool.stats).toMatchObject({ gpuBytes: 0, meshes: 0, meshesInUse: 0, meshesShown: 0 });
    engine.dispose();
});
