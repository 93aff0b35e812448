import type { NullEngine } from "@babylonjs/core/Engines/nullEngine.js";
import { RenderTargetTexture } from "@babylonjs/core/Materials/Textures/renderTargetTexture.js";
import type { Scene } from "@babylonjs/core/scene.js";
import { StandardMaterial } from "@babylonjs/core/Materials/standardMaterial.js";
import { PBRMaterial } from "@babylonjs/core/Materials/PBR/pbrMaterial.js";
import type { Material } from "@babylonjs/core/Materials/material.js";
import { ShaderMaterial } from "@babylonjs/core/Materials/shaderMaterial.js";
import type { ChunkMesh } from "../../../../src/babylon/chunkMesh.js";
import { ChunkMeshPool } from "../../../../src/babylon/chunkMeshPool.js";
import type { PooledChunk } from "../../../../src/babylon/pooledChunk.js";
import { ChunkBaker } from "../../../../src/bake/chunkBaker.js";
import { initHashAsync } from "../../../../src/base/hash.js";
import { flatAddress } from "../../../../src/space/chunkAddress.js";
import { loadKernelsAsync } from "../../../support/kernels.js";
import { bakeChunk, createScene, PLAIN_RECIPE } from "../fixtures.js";

const kernels = await loadKernelsAsync();
beforeAll(initHashAsync);

const baker = new ChunkBaker(PLAIN_RECIPE, kernels);
/** Four siblings by their places around the parent, that parent, and a chunk elsewhere. */
const ADDRESSES = [flatAddress(0, 0, 0), flatAddress(0, 1, 0), flatAddress(0, 1, 1), flatAddress(0, 0, 1)];
const PARENT = flatAddress(1, 0, 0);

/** @param calm frames that four shown siblings stay: from some 20 on they are merged */
function showSiblings(calm = 30) {
    const host = createScene();
    const { resolution } = PLAIN_RECIPE.terrain;
    const pool = new ChunkMeshPool(host.scene, { name: "ground", resolution, material: null, receiveShadows: true });
    const upload = (address = PARENT): PooledChunk => pool.upload(address, bakeChunk(baker, address));
    const chunks = ADDRESSES.map(upload);
    chunks.forEach((chunk) => pool.show(chunk));
    wait(pool, calm);
    return { ...host, pool, upload, chunks: chunks as [PooledChunk, PooledChunk, PooledChunk, PooledChunk] };
}

function wait(pool: ChunkMeshPool, frames: number): void {
    for (let i = 0; i < frames; i++) {
        pool.update();
    }
}

function fadesOf(chunk: PooledChunk): number[] {
    const values = new Float32Array(4);
    (chunk.mesh as ChunkMesh).fadesToRef(values);
    return [...values];
}

function isDrawn({ mesh }: PooledChunk): boolean {
    return mesh !== null && mesh.isEnabled(false);
}

test("a merged sibling that goes is drawn within the merged mesh until its exchange ends, without its bytes", () => {
    const { pool, chunks, upload, engine } = showSiblings();
    const merged = chunks[0].mesh;
    const { indexCount } = merged!.subMeshes[0]!;
    expect(pool.stats.mergedMeshesShown).toBe(1);
    const fade = { progress: 0 };
    const finer = upload(flatAddress(0, 8, 8));
    const { uploadedBytes } = pool.stats;

    pool.show(finer, fade);
    pool.hide(chunks[1], fade);
    pool.release(chunks[1]);
    fade.progress = 0.25;
    expect(chunks[1]).toMatchObject({ isShown: false, isReleased: true, isLeaving: true });
    expect(chunks[1].bytes).toHaveLength(0);
    expect(chunks[1].mesh).toBe(merged);
    expect(fadesOf(chunks[0])).toEqual([1, 1.25, 1, 1]);
    expect(fadesOf(finer)).toEqual([0.25, 0.25, 0.25, 0.25]);
    expect(pool.chunksShown).toBe(4);
    wait(pool, 60);
    expect(pool.stats.mergedMeshesShown).toBe(1);

    fade.progress = 1;
    pool.endFade(fade);
    expect(chunks[1].mesh).toBeNull();
    expect(fadesOf(chunks[0])).toEqual([1, 1, 1, 1]);
    expect(fadesOf(finer)).toEqual([1, 1, 1, 1]);
    expect(chunks[0].mesh).toBe(merged);
    expect(merged!.subMeshes[0]!.indexCount).toBe((3 / 4) * indexCount);
    expect(pool.stats.uploadedBytes).toBe(uploadedBytes);
    engine.dispose();
});

test("siblings between others go, where those would have to be drawn one by one, when all have faded out", () => {
    const { pool, chunks, engine } = showSiblings();
    const merged = chunks[0].mesh;
    const [first, second] = [{ progress: 0 }, { progress: 0 }];
    pool.hide(chunks[3]);
    pool.hide(chunks[1], first);
    pool.release(chunks[1]);
    pool.hide(chunks[0], second);
    pool.release(chunks[0]);
    first.progress = 1;
    pool.endFade(first);
    second.progress = 0.5;
    // Not a pixel of it is left, and yet it is a member: the other has no bytes to be drawn from alone.
    expect(chunks[1].mesh).toBe(merged);
    expect(fadesOf(chunks[0])).toEqual([1.5, 2, 1, 1]);
    second.progress = 1;
    pool.endFade(second);
    expect([chunks[0], chunks[1]].map(({ mesh }) => mesh)).toEqual([null, null]);
    expect(isDrawn(chunks[2])).toBe(true);
    expect(pool.stats).toMatchObject({ meshesShown: 1 });
    engine.dispose();
});

test("siblings across are drawn one by one once both others have faded out", () => {
    const { pool, chunks, engine } = showSiblings();
    const [first, second] = [{ progress: 0 }, { progress: 0 }];
    pool.hide(chunks[0], first);
    pool.release(chunks[0]);
    pool.hide(chunks[2], second);
    pool.release(chunks[2]);
    pool.endFade(first);
    expect(chunks[0].mesh).toBeNull();
    expect(chunks[1].mesh).toBe(chunks[3].mesh);
    pool.endFade(second);
    expect(chunks[1].mesh).not.toBe(chunks[3].mesh);
    expect([chunks[1], chunks[3]].map(isDrawn)).toEqual([true, true]);
    expect(pool.stats).toMatchObject({ mergedMeshesShown: 0, meshesInUse: 2, meshesShown: 2 });
    engine.dispose();
});

test("where siblings part at once, what still goes of them has gone, and what comes in its place is there", () => {
    const { pool, chunks, upload, engine } = showSiblings();
    const finer = upload(flatAddress(0, 8, 8));
    const fade = { progress: 0.25 };
    pool.show(finer, fade);
    pool.hide(chunks[1], fade);
    pool.release(chunks[1]);
    pool.hide(chunks[0]);
    expect(fadesOf(chunks[2])).toEqual([1, 1.25, 1, 1]);
    pool.hide(chunks[2]);
    expect(chunks[1].mesh).toBeNull();
    expect(fadesOf(finer)).toEqual([1, 1, 1, 1]);
    expect([finer, chunks[3]].map(isDrawn)).toEqual([true, true]);
    pool.endFade(fade);
    expect(pool.shownMeshes()).toHaveLength(2);
    engine.dispose();
});

test("newer ground may come where one waits for its siblings to be gone", () => {
    const { pool, chunks, engine } = showSiblings();
    const [first, second] = [{ progress: 1 }, { progress: 0.5 }];
    pool.hide(chunks[3]);
    pool.hide(chunks[1], first);
    pool.release(chunks[1]);
    pool.hide(chunks[0], second);
    pool.release(chunks[0]);
    pool.endFade(first);
    const newer = new ChunkBaker({ ...PLAIN_RECIPE, seed: 8 }, kernels);
    const again = pool.upload(chunks[1].address, bakeChunk(newer, chunks[1].address));
    pool.show(again);
    pool.endFade(second);
    expect([again, chunks[2]].map(isDrawn)).toEqual([true, true]);
    expect(pool.shownMeshes()).toHaveLength(2);
    for (const chunk of [again, chunks[2]]) {
        pool.hide(chunk);
        pool.release(chunk);
    }
    expect(pool.shownMeshes()).toHaveLength(0);
    expect(pool.stats).toMatchObject({ meshesInUse: 0, mergedMeshesShown: 0, meshesShown: 0 });
    engine.dispose();
});

test.each(["another material", "no fades"])("%s in mid-fade: all is whole at once", (change) => {
    const { pool, chunks, upload, engine, scene } = showSiblings(0);
    pool.fades = true;
    const parent = upload();
    const fade = { progress: 0.5 };
    pool.show(parent, fade);
    chunks.forEach((chunk) => pool.hide(chunk, fade));
    if (change === "no fades") {
        pool.fades = false;
    } else {
        pool.material = new StandardMaterial("another", scene);
    }
    expect(pool.shownMeshes()).toEqual([parent.mesh]);
    expect(fadesOf(parent)).toEqual([1, 1, 1, 1]);
    engine.dispose();
});

test("all four go by one exchange, and their mesh is free after it", () => {
    const { pool, chunks, upload, engine } = showSiblings();
    const parent = upload();
    const fade = { progress: 0 };
    pool.show(parent, fade);
    for (const chunk of chunks) {
        pool.hide(chunk, fade);
        pool.release(chunk);
    }
    fade.progress = 0.5;
    expect(fadesOf(chunks[0])).toEqual([1.5, 1.5, 1.5, 1.5]);
    expect(pool.shownMeshes()).toHaveLength(2);
    pool.endFade(fade);
    expect(pool.shownMeshes()).toEqual([parent.mesh]);
    expect(pool.stats).toMatchObject({ mergedMeshesShown: 0, meshesInUse: 1 });
    expect(chunks.map(({ mesh }) => mesh)).toEqual([null, null, null, null]);
    engine.dispose();
});

test("siblings are not merged while one of them fades", () => {
    const { pool, chunks, engine } = showSiblings(0);
    const fade = { progress: 0 };
    pool.hide(chunks[0]);
    pool.show(chunks[0], fade);
    wait(pool, 60);
    expect(pool.stats.mergedMeshesShown).toBe(0);
    pool.endFade(fade);
    wait(pool, 2);
    expect(pool.stats.mergedMeshesShown).toBe(1);
    engine.dispose();
});

test("a chunk that is wanted again while it goes keeps its mesh, and nothing is uploaded", () => {
    const { pool, chunks, engine } = showSiblings(0);
    const fade = { progress: 0 };
    const { mesh, address } = chunks[0];
    pool.hide(chunks[0], fade);
    pool.release(chunks[0]);
    const { uploadedBytes } = pool.stats;
    const again = pool.upload(address, bakeChunk(baker, address));
    expect(again.mesh).toBe(mesh);
    expect(again).toMatchObject({ isShown: false, isReleased: false, isLeaving: true });
    fade.progress = 1;
    pool.endFade(fade);
    expect(again.mesh).toBe(mesh);
    expect(isDrawn(again)).toBe(false);
    pool.show(again);
    expect(isDrawn(again)).toBe(true);
    expect(fadesOf(again)).toEqual([1, 1, 1, 1]);
    expect(pool.stats.uploadedBytes).toBe(uploadedBytes);
    engine.dispose();
});

test("newer ground of a chunk that goes has a mesh of its own", () => {
    const { pool, chunks, engine } = showSiblings(0);
    pool.hide(chunks[0], { progress: 0 });
    pool.release(chunks[0]);
    const newer = new ChunkBaker({ ...PLAIN_RECIPE, seed: 8 }, kernels);
    const again = pool.upload(chunks[0].address, bakeChunk(newer, chunks[0].address));
    expect(again.mesh).not.toBe(chunks[0].mesh);
    expect(isDrawn(chunks[0])).toBe(true);
    engine.dispose();
});

test.each(["rebuild", "trim"] as const)("%s ends all fades first", (name) => {
    const { pool, chunks, upload, engine, scene } = showSiblings();
    const parent = upload();
    const fade = { progress: 0.5 };
    pool.show(parent, fade);
    for (const chunk of chunks) {
        pool.hide(chunk, fade);
        pool.release(chunk);
    }
    if (name === "rebuild") {
        scene._rebuildGeometries();
    }
    pool[name]();
    expect(pool.shownMeshes()).toEqual([parent.mesh]);
    expect(fadesOf(parent)).toEqual([1, 1, 1, 1]);
    // Whoever began it does not know.
    pool.endFade(fade);
    expect(isDrawn(parent)).toBe(true);
    engine.dispose();
});

test.each([0, 30])("meshes that somebody disposes in mid-fade do no harm (after %d calm frames)", (calm) => {
    const { pool, chunks, upload, engine, scene } = showSiblings(calm);
    const parent = upload();
    const fade = { progress: 0.5 };
    pool.show(parent, fade);
    for (const chunk of chunks.slice(0, 3)) {
        pool.hide(chunk, fade);
        pool.release(chunk);
    }
    scene.meshes.slice().forEach((mesh) => mesh.dispose());
    expect(pool.repair()).toBeGreaterThan(0);
    expect([parent, chunks[3]].map(isDrawn)).toEqual([true, true]);
    expect(fadesOf(parent)).toEqual([1, 1, 1, 1]);
    pool.endFade(fade);
    expect(pool.shownMeshes().sort(byId)).toEqual([parent.mesh, chunks[3].mesh].sort(byId));
    engine.dispose();
});

function byId(a: { uniqueId: number } | null, b: { uniqueId: number } | null): number {
    return a!.uniqueId - b!.uniqueId;
}

test("to dispose the pool in mid-fade leaves nothing, and ends what comes after", () => {
    const { pool, chunks, engine, scene } = showSiblings();
    const fade = { progress: 0.5 };
    pool.hide(chunks[0], fade);
    pool.dispose();
    pool.release(chunks[0]);
    pool.endFade(fade);
    expect(scene.meshes).toHaveLength(0);
    engine.dispose();
});

test("render targets that come and go leave no passes, and one with another material turns nothing off", async () => {
    const { pool, chunks, engine, scene, camera } = showSiblings(0);
    pool.material = new StandardMaterial("ground", scene);
    pool.fades = true;
    const parent = pool.upload(PARENT, bakeChunk(baker, PARENT));
    pool.show(parent, { progress: 0.5 });
    camera.position.set(0, 200, 0);
    camera.rotation.x = Math.PI / 2;
    const own = (): number => engine.getRenderPassNames().filter((name) => name === "Terrane level fade").length;
    const other = new StandardMaterial("other", scene);
    for (let i = 0; i < 12; i++) {
        const target = new RenderTargetTexture("target", 64, scene);
        target.renderList = pool.shownMeshes();
        if (i > 8) {
            target.setMaterialForRendering(target.renderList, other);
        }
        scene.customRenderTargets.push(target);
        for (let frame = 0; frame < 4; frame++) {
            await drawAsync(engine, scene);
        }
        expect(isDrawn(chunks[0])).toBe(true);
        expect(own()).toBeLessThanOrEqual(3);
        if (i < 11) {
            scene.customRenderTargets.length = 0;
            target.dispose();
        }
    }
    expect(pool.canFade).toBe(true);
    pool.dispose();
    expect(own()).toBe(0);
    engine.dispose();
});

async function drawAsync(engine: NullEngine, scene: Scene): Promise<void> {
    engine.beginFrame();
    scene.render();
    engine.endFrame();
    await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Renders until the variant is compiled, or could have been. */
async function canFadeAsync(create: (host: ReturnType<typeof createScene>) => Material): Promise<boolean> {
    const { pool, chunks, engine, scene, camera } = showSiblings(0);
    pool.material = create({ engine, scene, camera });
    pool.fades = true;
    expect(pool.canFade).toBe(false);
    camera.position.set(0, 200, 0);
    camera.rotation.x = Math.PI / 2;
    for (let frame = 0; frame < 40; frame++) {
        await drawAsync(engine, scene);
    }
    expect(isDrawn(chunks[0])).toBe(true);
    const { canFade } = pool;
    pool.fades = false;
    expect(pool.canFade).toBe(false);
    engine.dispose();
    return canFade;
}

test("Standard and PBR materials fade as soon as their variant is compiled, others do not", async () => {
    expect(await canFadeAsync(({ scene }) => new StandardMaterial("standard", scene))).toBe(true);
    expect(await canFadeAsync(({ scene }) => new PBRMaterial("pbr", scene))).toBe(true);
    expect(await canFadeAsync(({ scene }) => new ShaderMaterial("own", scene, "none", {}))).toBe(false);
});
