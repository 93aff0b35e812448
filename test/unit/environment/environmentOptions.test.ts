import { NullEngine } from "@babylonjs/core/Engines/nullEngine.js";
import { Scene } from "@babylonjs/core/scene.js";
import { TerraneError } from "../../../src/base/errors.js";
import type { TerrainWorld } from "../../../src/babylon/terrainWorld.js";
import { CreateTerrainEnvironmentAsync } from "../../../src/environment/index.js";
import { assertEnvironmentSetting, readEnvironmentOptions } from "../../../src/environment/environmentOptionTable.js";
import { ENVIRONMENT_SETTING_KEYS } from "../../../src/environment/environmentSettings.js";

function errorOf(run: () => unknown): TerraneError {
    try {
        run();
    } catch (error) {
        return error as TerraneError;
    }
    throw new Error("Nothing was thrown.");
}

test("all that is left out has its default", () => {
    expect(readEnvironmentOptions(undefined)).toMatchObject({
        timeOfDay: 15.5,
        latitude: 40,
        sun: true,
        sky: true,
        sea: true,
        air: true,
        shadows: true,
        tone: true,
        clouds: 0.5,
        haze: 1,
    });
    expect(readEnvironmentOptions({ quality: "low", timeOfDay: 0 })).toMatchObject({ quality: "low", timeOfDay: 0 });
});

test("all that is wrong is named at once, with what is allowed", () => {
    const error = errorOf(() =>
        readEnvironmentOptions({ timeOfDay: 25, quality: "best", sun: 3, sky: "blue", hase: 1, latitude: Number.NaN }),
    );
    expect(error).toBeInstanceOf(TerraneError);
    expect(error.problems.map(({ field }) => field)).toEqual([
        "options.timeOfDay",
        "options.latitude",
        "options.sun",
        "options.sky",
        "options.quality",
        "options.hase",
    ]);
    expect(error.message).toContain("from 0 to 24");
    expect(error.problems.at(-1)!.remedy).toBe("Did you mean options.haze?");
});

test("what is set while it runs is checked by the same table", () => {
    for (const key of ENVIRONMENT_SETTING_KEYS) {
        expect(() => assertEnvironmentSetting(key, key === "quality" ? "high" : 1)).not.toThrow();
        expect(errorOf(() => assertEnvironmentSetting(key, undefined)).field).toBe(key);
        expect(errorOf(() => assertEnvironmentSetting(key, 1e9)).field).toBe(key);
    }
});

test("scene and world are to be what they are said to be", async () => {
    const engine = new NullEngine();
    const scene = new Scene(engine);
    const other = new Scene(engine);
    const world = { sampleHeight: () => 0, scene: other, isDisposed: false } as unknown as TerrainWorld;
    await expect(CreateTerrainEnvironmentAsync(scene, world)).rejects.toThrow(
        /world is .*allowed: a world of this scene/s,
    );
    await expect(CreateTerrainEnvironmentAsync(null as never, world)).rejects.toThrow(/scene is null/);
    await expect(CreateTerrainEnvironmentAsync(other, { ...world, isDisposed: true } as never)).rejects.toThrow(
        /world/,
    );
    engine.dispose();
});
