import { documentInterface, manifestOptions, optionsMarkdown, tableFaults } from "../../../scripts/settingsTexts.mjs";
import { numberField } from "../../../src/base/fieldTable.js";
import { controlsOf } from "../../../src/inspector/controls.js";
import { worldOptionProblems } from "../../../src/options/checkWorldOptions.js";
import { WORLD_OPTIONS, type WorldOptionTable } from "../../../src/options/worldOptionTable.js";
import { defineSettings, type WorldSettings } from "../../../src/options/worldSettings.js";
import { Presets } from "../../../src/recipe/presets.js";
import { createFakeWorld } from "../inspector/fakeWorld.js";

/** One entry, and nothing else. */
const OPTIONS: WorldOptionTable = {
    ...WORLD_OPTIONS,
    levelFadeTime: numberField({
        unit: "s",
        minimum: 0,
        maximum: 5,
        default: 0.5,
        canChange: true,
        meaning: "how long a level takes to dissolve into the next",
        notes: "0 switches at once.",
    }),
};

test("it is checked", () => {
    const recipe = Presets.endless();
    expect(worldOptionProblems({ recipe, levelFadeTime: 5 }, OPTIONS)).toEqual([]);
    expect(worldOptionProblems({ recipe, levelFadeTime: 6 }, OPTIONS)).toEqual([
        {
            field: "options.levelFadeTime",
            value: 6,
            allowed: "a number from 0 to 5",
            remedy: "Correct it, or leave it out for the default 0.5.",
        },
    ]);
    expect(worldOptionProblems({ recipe, levelFadetime: 1 }, OPTIONS)[0]!.remedy).toMatch("options.levelFadeTime");
    expect(worldOptionProblems({ recipe, levelFadeTime: 5 })).toMatchObject([{ isUnknown: true }]);
});

test("it is in the manifest", () => {
    expect(manifestOptions(OPTIONS)).toHaveProperty("levelFadeTime", {
        type: "number",
        unit: "s",
        default: 0.5,
        minimum: 0,
        maximum: 5,
        canChange: true,
        meaning: "how long a level takes to dissolve into the next",
    });
});

test("it is in the readme, and among what may change", () => {
    const row =
        "| `levelFadeTime` | 0.5 s | 0 to 5 s | how long a level takes to dissolve into the next. 0 switches at once |";
    const [table, sentence] = optionsMarkdown(OPTIONS).split("\n\n");
    expect(table).toContain(row);
    expect(sentence).toContain("`levelFadeTime`");
    expect(optionsMarkdown(WORLD_OPTIONS)).not.toContain("levelFadeTime");
});

test("an interface without it is refused, and one with it is documented", () => {
    const { levelFadeTime, viewers } = OPTIONS;
    const source = (members: string) =>
        `export interface Options {\n    readonly viewers?: readonly Viewer[];\n${members}}\n`;
    const table = { viewers: viewers!, levelFadeTime: levelFadeTime! };
    expect(() => documentInterface(source(""), "Options", table)).toThrow("Options lacks levelFadeTime.");
    expect(() => documentInterface(source("    readonly other?: 1;\n"), "Options", table)).toThrow("Options.other");
    const stale = "    /** Metres: another thing. */\n    readonly levelFadeTime?: number;\n";
    const documented = documentInterface(source(stale), "Options", table);
    expect(documented).toContain(
        "    /**\n     * Seconds: how long a level takes to dissolve into the next, 0 to 5. 0 switches at once. Default: 0.5. May change\n" +
            "     * while the world runs.\n     */\n    readonly levelFadeTime?: number;\n",
    );
    expect(documented).not.toContain("another thing");
    expect(documentInterface(documented, "Options", table)).toBe(documented);
});

test("the inspector has a control for it", () => {
    const { world } = createFakeWorld({ levelFadeTime: 0.5 } as object);
    const { streaming } = controlsOf(world, { showsLevels: false, showsBorders: false } as never, OPTIONS);
    const control = streaming.find(({ label }) => label === "levelFadeTime")!;
    expect(control).toMatchObject({ kind: "slider", min: 0, max: 5, unit: "s" });
    if (control.kind === "slider") {
        control.write(9);
        expect(control.read()).toBe(5);
        expect(world).toMatchObject({ levelFadeTime: 5 });
    }
});

test("a world has an accessor for it, which checks", () => {
    class World {
        public levelFadeTime = 0.5;
        public readonly settings = { levelFadeTime: 0.5 } as unknown as WorldSettings;
    }
    const prototype: { levelFadeTime?: number } = {};
    defineSettings(prototype as World, () => world.settings, OPTIONS);
    const world = { settings: { levelFadeTime: 0.5 } as unknown as WorldSettings };
    const owner = Object.create(prototype) as World;
    owner.levelFadeTime = 2;
    expect([owner.levelFadeTime, world.settings]).toEqual([2, { levelFadeTime: 2 }]);
    expect(() => (owner.levelFadeTime = 7)).toThrow("options.levelFadeTime is 7; allowed: a number from 0 to 5");
    expect(owner.levelFadeTime).toBe(2);
});

test("a table that contradicts itself is refused", () => {
    expect(tableFaults(OPTIONS)).toEqual([]);
    const { levelFadeTime } = OPTIONS;
    const faultsOf = (over: object) => tableFaults({ levelFadeTime: { ...levelFadeTime!, ...over } });
    expect(faultsOf({ default: 9 })).toEqual(["levelFadeTime: default is refused"]);
    expect(faultsOf({ maximum: 9 })).toEqual(["levelFadeTime: maximum is refused"]);
    expect(faultsOf({ maximum: 3 })).toEqual(["levelFadeTime: range is not kept"]);
    expect(faultsOf({ meaning: "How long." })).toHaveLength(1);
    expect(faultsOf({ default: undefined })).toEqual(["levelFadeTime: nothing says what its default is"]);
});
