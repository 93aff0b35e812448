import { CreateTerrainCoreAsync } from "../../../src/runtime/createTerrainCore.js";
import { wasmFile } from "../../support/kernels.js";

test("a world of a planet is refused by name, since worlds run on flat ground alone so far", async () => {
    const recipe = { topology: "planet", radius: 20_000 } as const;
    await expect(CreateTerrainCoreAsync({ recipe, workers: 0, wasmUrl: wasmFile })).rejects.toThrow(
        'recipe.topology is "planet"; allowed: "flat" in a world that runs. Bake planets by WorldBaker or `terrane bake`.',
    );
});
