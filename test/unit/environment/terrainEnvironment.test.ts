import type { RawTexture } from "@babylonjs/core/Materials/Textures/rawTexture.js";
import { Scene } from "@babylonjs/core/scene.js";
import { CreateTerrainWorldAsync } from "../../../src/babylon/createTerrainWorld.js";
import type { TerrainQuality } from "../../../src/babylon/material/quality.js";
import type { TerrainWorld } from "../../../src/babylon/terrainWorld.js";
import { TerraneError } from "../../../src/base/errors.js";
import { CreateTerrainEnvironmentAsync } from "../../../src/environment/index.js";
import { QUALITY_DETAILS } from "../../../src/environment/quality.js";
import { wasmFile } from "../../support/kernels.js";
import { countsOf, createScene, PLAIN_RECIPE } from "../babylon/fixtures.js";

function createWorldAsync(scene: Scene, name = "world"): Promise<TerrainWorld> {
    return CreateTerrainWorldAsync(name, scene, {
        ...{ recipe: PLAIN_RECIPE, viewDistance: 200, workers: 0, wasmUrl: wasmFile },
        quality: "low",
    });
}

/** Texels along the sides of the horizon maps in a scene, the larger map first. */
function mapSidesOf(scene: Scene): number[] {
    const maps = scene.textures.filter(({ name }) => name.endsWith("horizons")) as RawTexture[];
    return maps.map((texture) => texture.getSize().width);
}

function sidesAt(quality: TerrainQuality): number[] {
    const { far, near } = QUALITY_DETAILS[quality].grids;
    return [far.side, near.side];
}

describe("quality", () => {
    test("is the world's, and follows it", async () => {
        const { engine, scene } = createScene();
        const world = await createWorldAsync(scene);
        const environment = await CreateTerrainEnvironmentAsync(scene, world);
        expect(environment.quality).toBe("low");
        expect(mapSidesOf(scene)).toEqual(sidesAt("low"));
        const { material } = environment.skyMesh!;
        world.quality = "high";
        scene.render();
        expect(environment.quality).toBe("high");
        expect(mapSidesOf(scene)).toEqual(sidesAt("high"));
        expect(environment.skyMesh!.material).not.toBe(material);
        expect(environment.seaMesh!.material!.getActiveTextures()).toEqual(
            expect.arrayContaining(scene.textures.filter(({ name }) => name.endsWith("horizons"))),
        );
        const changed = environment.skyMesh!.material;
        scene.render();
        expect(environment.skyMesh!.material).toBe(changed);
        engine.dispose();
    });

    test.each(["given option", "later setting"])(
        "does not follow it where it is the environment's own by a %s",
        async (by) => {
            const { engine, scene } = createScene();
            const world = await createWorldAsync(scene);
            const environment = await CreateTerrainEnvironmentAsync(
                scene,
                world,
                by === "given option" ? { quality: "low" } : {},
            );
            if (by === "later setting") {
                environment.quality = "low";
            }
            world.quality = "high";
            scene.render();
            expect(environment.quality).toBe("low");
            expect(mapSidesOf(scene)).toEqual(sidesAt("low"));
            engine.dispose();
        },
    );
});

test("sun and moon never have black highlights, for which materials would have another shader", async () => {
    const { engine, scene } = createScene();
    const environment = await CreateTerrainEnvironmentAsync(scene, await createWorldAsync(scene));
    const intensities: number[] = [];
    for (let minutes = 0; minutes < 24 * 60; minutes += 5) {
        environment.timeOfDay = minutes / 60;
        const { specular, intensity } = environment.light!;
        expect(Math.max(specular.r, specular.g, specular.b)).toBe(1);
        intensities.push(intensity);
    }
    expect(Math.min(...intensities)).toBe(0);
    engine.dispose();
});

describe("memory", () => {
    /** Bytes of the texels that Babylon was given, and of a texel: two half floats on the GPU, the same and four floats beside it. */
    const NOISE_BYTES = 256 * 256 * 4;
    const TEXEL_BYTES = 24;

    test("counts in the world's limit as long as there is an environment", async () => {
        const { engine, scene } = createScene();
        const world = await createWorldAsync(scene);
        scene.render();
        expect(world.getStats().environmentBytes).toBe(0);
        const environment = await CreateTerrainEnvironmentAsync(scene, world);
        for (const quality of ["low", "high"] as const) {
            environment.quality = quality;
            scene.render();
            const texels = mapSidesOf(scene).reduce((sum, side) => sum + side * side, 0);
            const { environmentBytes } = world.getStats();
            // A noise and its mips, which are a third of it, and the noise once more.
            const noiseBytes = environmentBytes - texels * TEXEL_BYTES;
            expect(noiseBytes / NOISE_BYTES).toBeCloseTo(1 + 4 / 3, 3);
        }
        const { usedBytes, environmentBytes } = world.getStats();
        environment.dispose();
        expect(world.getStats().environmentBytes).toBe(0);
        expect(world.getStats().usedBytes).toBe(usedBytes - environmentBytes);
        engine.dispose();
    });

    test("holds hardly any map where neither shadows nor the sea need them", async () => {
        const { engine, scene } = createScene();
        const world = await createWorldAsync(scene);
        await CreateTerrainEnvironmentAsync(scene, world, { shadows: false, sea: false });
        const { environmentBytes } = world.getStats();
        expect(environmentBytes).toBe(Math.round((NOISE_BYTES * 7) / 3 / 4) * 4 + 2 * 64 * TEXEL_BYTES);
        engine.dispose();
    });
});

describe("a second environment of a scene", () => {
    const REFUSED =
        /^scene is "in the environment of the world first"; allowed: a scene without an environment\. .*dispose\(\)/;

    test("is refused by name, and leaves the scene as it was", async () => {
        const { engine, scene } = createScene();
        const first = await createWorldAsync(scene, "first");
        const second = await createWorldAsync(scene, "second");
        const environment = await CreateTerrainEnvironmentAsync(scene, first);
        const before = countsOf(scene);
        for (const world of [first, second]) {
            await expect(CreateTerrainEnvironmentAsync(scene, world)).rejects.toThrow(REFUSED);
        }
        expect(countsOf(scene)).toEqual(before);
        environment.addMaterial(second.material!);
        environment.dispose();
        await expect(CreateTerrainEnvironmentAsync(scene, second)).resolves.toMatchObject({ isDisposed: false });
        engine.dispose();
    });

    test("is refused while the first is on its way, and welcome once the first has gone with its world", async () => {
        const { engine, scene } = createScene();
        const first = await createWorldAsync(scene, "first");
        const second = await createWorldAsync(scene, "second");
        const [one, other] = await Promise.allSettled([
            CreateTerrainEnvironmentAsync(scene, first),
            CreateTerrainEnvironmentAsync(scene, second),
        ]);
        expect(one.status).toBe("fulfilled");
        expect((other as PromiseRejectedResult).reason).toBeInstanceOf(TerraneError);
        first.dispose();
        await expect(CreateTerrainEnvironmentAsync(scene, second)).resolves.toMatchObject({ isDisposed: false });
        engine.dispose();
    });

    test("may be of another scene", async () => {
        const { engine, scene } = createScene();
        const other = new Scene(engine);
        await CreateTerrainEnvironmentAsync(scene, await createWorldAsync(scene));
        const environment = CreateTerrainEnvironmentAsync(other, await createWorldAsync(other));
        await expect(environment).resolves.toMatchObject({ isDisposed: false });
        engine.dispose();
    });
});
