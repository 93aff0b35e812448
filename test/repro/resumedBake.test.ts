import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { WorldBaker } from "../../src/baker/worldBaker.js";
import { DirectoryStore } from "../../src/store/directoryStore.js";
import { wasmFile } from "../support/kernels.js";

const directory = mkdtempSync(path.join(os.tmpdir(), "terrane-resumed-"));
const at = (...parts: string[]): string => path.join(directory, ...parts);

afterAll(() => rmSync(directory, { recursive: true, force: true }));

// Whatever ended in a dead process's number and ".tmp" was swept up, in any depth and behind links.
test("a bake that goes on deletes no file that it did not write", async () => {
    const theirs = ["bake/a.99999999-1.tmp", "bake/0/0/b.99999999-1.tmp", "elsewhere/c.99999999-1.tmp"];
    for (const name of theirs) {
        mkdirSync(path.dirname(at(name)), { recursive: true });
        writeFileSync(at(name), "theirs");
    }
    symlinkSync(at("elsewhere"), at("bake/link"));
    symlinkSync(at("elsewhere"), at("bake/0/link"));
    for (let run = 0; run < 2; run++) {
        const baker = new WorldBaker({ workers: 0, wasmUrl: wasmFile });
        const recipe = { chunkSize: 16, terrain: { resolution: 16 } };
        await baker.bakeAsync(recipe, {
            chunks: { countX: 1, countZ: 1 },
            store: new DirectoryStore(at("bake")),
        });
    }
    expect(theirs.filter((name) => !existsSync(at(name)))).toEqual([]);
});
