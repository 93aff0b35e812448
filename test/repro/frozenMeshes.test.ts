import { StandardMaterial } from "@babylonjs/core/Materials/standardMaterial.js";
import { Vector3 } from "@babylonjs/core/Maths/math.vector.js";
import type { AbstractMesh } from "@babylonjs/core/Meshes/abstractMesh.js";
import { CreateBoxVertexData } from "@babylonjs/core/Meshes/Builders/boxBuilder.js";
import { Mesh } from "@babylonjs/core/Meshes/mesh.js";
import type { SubMesh } from "@babylonjs/core/Meshes/subMesh.js";
import type { SmartArray } from "@babylonjs/core/Misc/smartArray.js";
import { ScenePerformancePriority, type Scene } from "@babylonjs/core/scene.js";
import { jest } from "@jest/globals";
import { CreateTerrainWorldAsync } from "../../src/babylon/createTerrainWorld.js";
import { wasmFile } from "../support/kernels.js";
import { createScene, PLAIN_RECIPE } from "../unit/babylon/fixtures.js";

async function framesAsync(scene: Scene, count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
        scene.render();
        await new Promise((resolve) => setTimeout(resolve, 2));
    }
}

function idsOf(meshes: readonly Mesh[]): number[] {
    return meshes.map(({ uniqueId }) => uniqueId).sort((a, b) => a - b);
}

/** Meshes in Babylon's lists of what to draw. */
function listedMeshes(scene: Scene): AbstractMesh[] {
    const active = scene.getActiveMeshes();
    const groups = scene.renderingManager.renderingGroups as unknown as Record<string, SmartArray<SubMesh>>[];
    const dispatched = groups.flatMap((group) =>
        ["_opaqueSubMeshes", "_alphaTestSubMeshes", "_transparentSubMeshes", "_depthOnlySubMeshes"].flatMap((name) =>
            group[name]!.data.slice(0, group[name]!.length),
        ),
    );
    return [...active.data.slice(0, active.length), ...dispatched.map((subMesh) => subMesh.getMesh())];
}

async function createFlightAsync(mergeSiblings: boolean, priority = ScenePerformancePriority.BackwardCompatible) {
    const { scene, engine, camera } = createScene();
    scene.performancePriority = priority;
    const material = new StandardMaterial("ground", scene);
    const box = new Mesh("box", scene);
    CreateBoxVertexData({ size: 1 }).applyToMesh(box);
    box.material = material;
    await material.forceCompilationAsync(box);
    const world = await CreateTerrainWorldAsync("world", scene, {
        recipe: PLAIN_RECIPE,
        viewDistance: 200,
        workers: 0,
        wasmUrl: wasmFile,
        material,
        mergeSiblings,
    });
    camera.position.set(0, 60, 0);
    camera.setTarget(new Vector3(0, 40, 100));
    box.position.set(0, 50, 60);
    await framesAsync(scene, 80);
    return { scene, engine, camera, box, world };
}

// Babylon keeps a frozen list of meshes; chunks come and go, and recycle theirs.
test.each([true, false])(
    "with frozen active meshes, chunks in view are drawn, and no others, in each frame of a flight; siblings merged: %s",
    async (mergeSiblings) => {
        const { scene, engine, camera, box, world } = await createFlightAsync(mergeSiblings);
        scene.freezeActiveMeshes();
        const drawn = jest.spyOn(Mesh.prototype, "_draw");
        const seen = new Set<number>();
        for (let frame = 0; frame < 90; frame++) {
            camera.rotation.y += 0.1;
            camera.position.z += frame < 60 ? 10 : 0;
            if (frame === 70) {
                // As when memory is short: disposes meshes that no chunk uses.
                const { meshes } = world.getStats();
                world["_pool"].trim();
                expect(world.getStats().meshes).toBeLessThan(meshes);
                const listed = listedMeshes(scene);
                expect(listed.filter((mesh) => mesh.isDisposed()).length).toBe(0);
                expect(listed.filter((mesh) => mesh === box).length).toBe(2);
            }
            drawn.mockClear();
            await framesAsync(scene, 1);
            const shown = world.shownMeshes().filter((mesh) => mesh.isInFrustum(scene.frustumPlanes));
            const meshes = drawn.mock.contexts as Mesh[];
            expect(idsOf(meshes)).toEqual(idsOf([box, ...shown]));
            shown.forEach((mesh) => seen.add(mesh.uniqueId));
        }
        expect(seen.size).toBeGreaterThan(20);
        drawn.mockRestore();
        world.dispose();
        engine.dispose();
    },
);

// With this priority Babylon keeps what it has once dispatched. Set later, it forgets what it had dispatched before.
test.each([true, false])(
    "with an aggressive priority all shown chunks are drawn, and no others, in each frame of a flight; siblings merged: %s",
    async (mergeSiblings) => {
        const { scene, engine, camera, box, world } = await createFlightAsync(
            mergeSiblings,
            ScenePerformancePriority.Aggressive,
        );
        const drawn = jest.spyOn(Mesh.prototype, "_draw");
        for (let frame = 0; frame < 60; frame++) {
            camera.position.z += 10;
            drawn.mockClear();
            await framesAsync(scene, 1);
            expect(idsOf(drawn.mock.contexts as Mesh[])).toEqual(idsOf([box, ...world.shownMeshes()]));
        }
        drawn.mockRestore();
        world.dispose();
        engine.dispose();
    },
);
