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
    grassFadeTime: numberField({
        unit: "s",
        minimum: 0,
        maximum: 5,
        default: 0.5,
        canChange: true,
        meaning: "how long the grass on a level takes to grow in",
        notes: "0 switches at once.",
    }),
};

test("it is checked", () => {
    const recipe = Presets.endless();
    expect(worldOptionProblems({ recipe, grassFadeTime: 5 }, OPTIONS)).toEqual([]);
    expect(worldOptionProblems({ recipe, grassFadeTime: 6 }, OPTIONS)).toEqual([
        {
            field: "options.grassFadeTime",
            value: 6,
            allowed: "a number from 0 to 5",
            remedy: "Correct it, or leave it out for the default 0.5.",
        },
    ]);
    expect(worldOptionProblems({ recipe, grassFadetime: 1 }, OPTIONS)[0]!.remedy).toMatch("options.grassFadeTime");
    expect(worldOptionProblems({ recipe, grassFadeTime: 5 })).toMatchObject([{ isUnknown: true }]);
});

test("it is in the manifest", () => {
    expect(manifestOptions(OPTIONS)).toHaveProperty("grassFadeTime", {
        type: "number",
        unit: "s",
        default: 0.5,
        minimum: 0,
        maximum: 5,
        canChange: true,
        meaning: "how long the grass on a level takes to grow in",
    });
});

test("it is in the readme, and among what may change", () => {
    const row =
        "| `grassFadeTime` | 0.5 s | 0 to 5 s | how long the grass on a level takes to grow in. 0 switches at once |";
    const [table, sentence] = optionsMarkdown(OPTIONS).split("\n\n");
    expect(table).toContain(row);
    expect(sentence).toContain("`grassFadeTime`");
    expect(optionsMarkdown(WORLD_OPTIONS)).not.toContain("grassFadeTime");
});

test("an interface without it is refused, and one with it is documented", () => {
    const { grassFadeTime, viewers } = OPTIONS;
    const source = (members: string) =>
        `export interface Options {\n    readonly viewers?: readonly Viewer[];\n${members}}\n`;
    const table = { viewers: viewers!, grassFadeTime: grassFadeTime! };
    expect(() => documentInterface(source(""), "Options", table)).toThrow("Options lacks grassFadeTime.");
    expect(() => documentInterface(source("    readonly other?: 1;\n"), "Options", table)).toThrow("Options.other");
    const stale = "    /** Metres: another thing. */\n    readonly grassFadeTime?: number;\n";
    const documented = documentInterface(source(stale), "Options", table);
    expect(documented).toContain(
        "    /**\n     * Seconds: how long the grass on a level takes to grow in, 0 to 5. 0 switches at once. Default: 0.5. May change\n" +
            "     * while the world runs.\n     */\n    readonly grassFadeTime?: number;\n",
    );
    expect(documented).not.toContain("another thing");
    expect(documentInterface(documented, "Options", table)).toBe(documented);
});

test("the inspector has a control for it", () => {
    const { world } = createFakeWorld({ grassFadeTime: 0.5 } as object);
    const { streaming } = controlsOf(world, { showsLevels: false, showsBorders: false } as never, OPTIONS);
    const control = streaming.find(({ label }) => label === "grassFadeTime")!;
    expect(control).toMatchObject({ kind: "slider", min: 0, max: 5, unit: "s" });
    if (control.kind === "slider") {
        control.write(9);
        expect(control.read()).toBe(5);
        expect(world).toMatchObject({ grassFadeTime: 5 });
    }
});

test("a world has an accessor for it, which checks", () => {
    class World {
        public grassFadeTime = 0.5;
        public readonly settings = { grassFadeTime: 0.5 } as unknown as WorldSettings;
    }
    const prototype: { grassFadeTime?: number } = {};
    defineSettings(prototype as World, () => world.settings, OPTIONS);
    const world = { settings: { grassFadeTime: 0.5 } as unknown as WorldSettings };
    const owner = Object.create(prototype) as World;
    owner.grassFadeTime = 2;
    expect([owner.grassFadeTime, world.settings]).toEqual([2, { grassFadeTime: 2 }]);
    expect(() => (owner.grassFadeTime = 7)).toThrow("options.grassFadeTime is 7; allowed: a number from 0 to 5");
    expect(owner.grassFadeTime).toBe(2);
});

test("a table that contradicts itself is refused", () => {
    expect(tableFaults(OPTIONS)).toEqual([]);
    const { grassFadeTime } = OPTIONS;
    const faultsOf = (over: object) => tableFaults({ grassFadeTime: { ...grassFadeTime!, ...over } });
    expect(faultsOf({ default: 9 })).toEqual(["grassFadeTime: default is refused"]);
    expect(faultsOf({ maximum: 9 })).toEqual(["grassFadeTime: maximum is refused"]);
    expect(faultsOf({ maximum: 3 })).toEqual(["grassFadeTime: range is not kept"]);
    expect(faultsOf({ meaning: "How long." })).toHaveLength(1);
    expect(faultsOf({ default: undefined })).toEqual(["grassFadeTime: nothing says what its default is"]);
});
