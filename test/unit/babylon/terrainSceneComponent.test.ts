import { TERRAIN_SCENE_COMPONENT, TerrainSceneComponent } from "../../../src/babylon/terrainSceneComponent.js";
import { countsOf, createScene } from "./fixtures.js";

/** @param priorities of the results that wait to be applied; the last may not be, since the budget is spent by then */
function createDriven(log: string[], name: string, priorities: readonly number[] = []) {
    const waiting = [...priorities];
    return {
        onBeforeFrame: () => log.push(`${name} before`),
        get applyPriority() {
            return waiting[0] ?? Infinity;
        },
        applyNext: () => {
            log.push(`${name} ${waiting[0]}`);
            return waiting.length > 1 && waiting.shift() !== undefined;
        },
        onApplied: () => log.push(`${name} applied`),
        onAfterFrame: () => log.push(`${name} after`),
        onContextRestored: () => log.push(`${name} restored`),
        dispose: () => log.push(`${name} disposed`),
    };
}

test("the worlds of a scene share one component, which drives them", () => {
    const { scene, engine } = createScene();
    const log: string[] = [];
    const component = TerrainSceneComponent.GetOrCreate(scene);
    expect(TerrainSceneComponent.GetOrCreate(scene)).toBe(component);
    component.addWorld(createDriven(log, "a"));
    component.addWorld(createDriven(log, "b"));

    scene.render();

    expect(log).toEqual(["b before", "a before", "b applied", "a applied", "a after", "b after"]);
    engine.dispose();
});

test("the most urgent results are applied first, whichever world they are of, until each has spent its budget", () => {
    const { scene, engine } = createScene();
    const log: string[] = [];
    const component = TerrainSceneComponent.GetOrCreate(scene);
    component.addWorld(createDriven(log, "a", [1, 4, 6]));
    component.addWorld(createDriven(log, "b", [2, 3, 5, 7, 9]));

    scene.render();

    expect(log.slice(2, -4)).toEqual(["a 1", "b 2", "b 3", "a 4", "b 5", "a 6", "b 7", "b 9"]);
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
