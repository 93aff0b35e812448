import { TERRAIN_SCENE_COMPONENT, TerrainSceneComponent } from "../../../src/babylon/terrainSceneComponent.js";
import { countsOf, createScene } from "./fixtures.js";

function createDriven(log: string[], name: string) {
    return {
        onBeforeFrame: () => log.push(`${name} before`),
        onAfterFrame: () => log.push(`${name} after`),
        onContextRestored: () => log.push(`${name} restored`),
        dispose: () => log.push(`${name} disposed`),
    };
}

test("the worlds of a scene share one component, which drives them, each first in its turn", () => {
    const { scene, engine } = createScene();
    const log: string[] = [];
    const component = TerrainSceneComponent.GetOrCreate(scene);
    expect(TerrainSceneComponent.GetOrCreate(scene)).toBe(component);
    component.addWorld(createDriven(log, "a"));
    component.addWorld(createDriven(log, "b"));

    scene.render();
    scene.render();

    const frame = ["a before", "b before", "a after", "b after"];
    const next = ["b before", "a before", "a after", "b after"];
    expect(log).toEqual([...frame, ...next]);
    engine.dispose();
});

test("the camera stands where the frame sees it when worlds are driven", () => {
    const { scene, engine, camera } = createScene();
    const seen: number[] = [];
    const component = TerrainSceneComponent.GetOrCreate(scene);
    component.addWorld({ ...createDriven([], "a"), onBeforeFrame: () => seen.push(camera.globalPosition.x) });
    scene.onBeforeAnimationsObservable.add(() => (camera.position.x += 10));

    scene.render();
    scene.render();

    expect(seen).toEqual([10, 20]);
    engine.dispose();
});

test("a restored context reaches every world", () => {
    const { scene, engine } = createScene();
    const log: string[] = [];
    const component = TerrainSceneComponent.GetOrCreate(scene);
    component.addWorld(createDriven(log, "a"));
    component.addWorld(createDriven(log, "b"));
    scene.render();
    log.length = 0;

    scene._rebuildGeometries();

    expect(log).toEqual(["a restored", "b restored"]);
    engine.dispose();
});

test.each([
    ["before its first frame", 0],
    ["after frames", 2],
])("the last world to go takes the component out of the scene, %s", (_, frames) => {
    const { scene, engine } = createScene();
    scene.render();
    const before = countsOf(scene);
    const log: string[] = [];
    const component = TerrainSceneComponent.GetOrCreate(scene);
    const a = createDriven(log, "a");
    const b = createDriven(log, "b");
    component.addWorld(a);
    component.addWorld(b);
    for (let i = 0; i < frames; i++) {
        scene.render();
    }

    component.removeWorld(a);
    expect(scene._getComponent(TERRAIN_SCENE_COMPONENT)).toBe(component);
    component.removeWorld(b);

    log.length = 0;
    scene.render();
    expect(log).toEqual([]);
    expect(scene._getComponent(TERRAIN_SCENE_COMPONENT)).toBeNull();
    expect(countsOf(scene)).toEqual(before);
    engine.dispose();
});

test("the scene's end disposes the worlds that are left, once", () => {
    const { scene, engine } = createScene();
    const log: string[] = [];
    TerrainSceneComponent.GetOrCreate(scene).addWorld(createDriven(log, "a"));

    scene.dispose();

    expect(log).toEqual(["a disposed"]);
    engine.dispose();
});
