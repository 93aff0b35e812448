// `npm run settings` writes what docstrings, the manifest, the readme and docs/recipe.md say of options and recipes, from
// their tables. Without `--write` it says what is not as the tables have it: a part of `npm run check`.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { format } from "prettier";
import {
    BAKE_OPTIONS,
    BAKER_OPTIONS,
    BLOCK_FIELDS,
    EXECUTOR_OPTIONS,
    VERIFY_OPTIONS,
} from "../src/baker/bakerOptionTables.js";
import { SURFACE_FIELDS, SURFACE_TEXTURE_FIELDS } from "../src/babylon/material/surfaces/surfaceOptionTable.js";
import { ENVIRONMENT_OPTIONS } from "../src/environment/environmentOptionTable.js";
import { ENVIRONMENT_SETTING_KEYS } from "../src/environment/environmentSettings.js";
import { POOL_OPTIONS } from "../src/memory/poolOptions.js";
import { VIEWER_FIELDS, WORLD_OPTIONS } from "../src/options/worldOptionTable.js";
import { SETTING_KEYS } from "../src/options/worldSettings.js";
import { PROFILER_OPTIONS } from "../src/profiler/profilerOptions.js";
import { RECIPE } from "../src/recipe/recipeSchema.js";
import { SURFACE_NAME_FIELD, SURFACE_RULE_FIELDS } from "../src/recipe/surfaceRule.js";
import {
    documentInterface,
    fieldsMarkdown,
    fillMarks,
    manifestOptions,
    optionsMarkdown,
    recipeMarkdown,
    tableFaults,
} from "./settingsTexts.mjs";

const root = path.resolve(import.meta.dirname, "..");
const { fields } = RECIPE;
/** A world's settings are known by their world: no default of theirs matters any more. */
const SETTINGS = Object.fromEntries(
    SETTING_KEYS.map((key) => [key, { ...WORLD_OPTIONS[key], default: undefined, canChange: false }]),
);

/** The same of an environment's. */
const ENVIRONMENT_SETTINGS = Object.fromEntries(
    ENVIRONMENT_SETTING_KEYS.map((key) => [
        key,
        { ...ENVIRONMENT_OPTIONS[key], default: undefined, defaultText: undefined, canChange: false },
    ]),
);

/** The tables, and how the files that tell of them are made from what they are. */
const TABLES = {
    option: WORLD_OPTIONS,
    viewer: VIEWER_FIELDS,
    environment: ENVIRONMENT_OPTIONS,
    recipe: fields,
    rule: SURFACE_RULE_FIELDS,
    surface: SURFACE_FIELDS,
    baker: BAKER_OPTIONS,
    bake: BAKE_OPTIONS,
    verify: VERIFY_OPTIONS,
    pools: POOL_OPTIONS,
    profiler: PROFILER_OPTIONS,
};
const { memoryLimitBytes, profiler, executor } = BAKER_OPTIONS;
const FILES = {
    "src/babylon/worldOptions.ts": (text) => documentInterface(text, "TerrainWorldOptions", WORLD_OPTIONS),
    "src/options/worldSettings.ts": (text) => documentInterface(text, "WorldSettings", SETTINGS),
    "src/environment/environmentOptions.ts": (text) =>
        documentInterface(text, "TerrainEnvironmentOptions", ENVIRONMENT_OPTIONS),
    "src/environment/environmentSettings.ts": (text) =>
        documentInterface(text, "EnvironmentSettings", ENVIRONMENT_SETTINGS),
    "src/recipe/recipe.ts": (text) =>
        [
            ["Recipe", fields],
            ["TerrainRecipe", fields.terrain.fields],
            ["GullyRecipe", fields.terrain.fields.gullies.fields],
            ["BedRecipe", fields.terrain.fields.beds.fields],
            ["MacroRecipe", fields.terrain.fields.macro.fields],
            ["CaveRecipe", fields.caves.fields],
            ["WaterRecipe", fields.water.fields],
            ["MaterialsRecipe", fields.materials.fields],
        ].reduce((file, [name, table]) => documentInterface(file, name, table), text),
    "src/babylon/material/surfaces/surfaceOptions.ts": (text) =>
        documentInterface(
            documentInterface(text, "SurfaceTextures", SURFACE_TEXTURE_FIELDS),
            "SurfaceOptions",
            SURFACE_FIELDS,
        ),
    "src/recipe/surfaceRule.ts": (text) =>
        documentInterface(documentInterface(text, "SurfaceRule", SURFACE_RULE_FIELDS), "BiomeRule", {
            surface: SURFACE_NAME_FIELD,
        }),
    "src/baker/bakerOptions.ts": (text) =>
        [
            ["ExecutorOptions", EXECUTOR_OPTIONS],
            ["WorldBakerOptions", { memoryLimitBytes, profiler, executor }],
            ["ChunkBlock", BLOCK_FIELDS],
            ["BakeOptions", BAKE_OPTIONS],
            ["VerifyOptions", VERIFY_OPTIONS],
        ].reduce((file, [name, table]) => documentInterface(file, name, table), text),
    "src/memory/poolOptions.ts": (text) => documentInterface(text, "BufferPoolManagerOptions", POOL_OPTIONS),
    "src/profiler/profilerOptions.ts": (text) =>
        documentInterface(text, "PerformanceProfilerOptions", PROFILER_OPTIONS),
    "plugin-manifest.json": (text) =>
        format(JSON.stringify({ ...JSON.parse(text), options: manifestOptions(WORLD_OPTIONS) }), {
            parser: "json",
            printWidth: 120,
            tabWidth: 4,
        }),
    "README.md": (text) => fillMarks(text, "options", optionsMarkdown(WORLD_OPTIONS)),
    "docs/environment.md": (text) => fillMarks(text, "options", optionsMarkdown(ENVIRONMENT_OPTIONS, "environment")),
    "docs/materials.md": (text) =>
        fillMarks(
            fillMarks(text, "surface", fieldsMarkdown(Object.entries(SURFACE_FIELDS), "field")),
            "rule",
            fieldsMarkdown(Object.entries(SURFACE_RULE_FIELDS), "field"),
        ),
    "docs/recipe.md": (text) => fillMarks(text, "fields", recipeMarkdown(fields)),
};

const isWriting = process.argv.includes("--write");
const faults = Object.entries(TABLES).flatMap(([name, table]) => tableFaults(table, `${name} `));
for (const [file, make] of Object.entries(FILES)) {
    const text = readFileSync(path.join(root, file), "utf8");
    try {
        const made = await make(text);
        if (made !== text && isWriting) {
            writeFileSync(path.join(root, file), made);
        } else if (made !== text) {
            faults.push(`${file}: is not as the tables have it: run npm run settings`);
        }
    } catch (error) {
        faults.push(`${file}: ${error.message}`);
    }
}
faults.forEach((fault) => console.error(fault));
process.exitCode = faults.length > 0 ? 1 : 0;
