import { throwProblems } from "../base/errors.js";
import { problemsOf } from "../base/readFields.js";
import { WORLD_OPTIONS, type WorldOptionTable } from "./worldOptionTable.js";

/** The numbers among a world's options that may change while it runs. Read each frame. */
export interface WorldSettings {
    /** Metres: how far terrain is shown, 50 to 1,000,000. */
    viewDistance: number;
    /** Pixels: how far what is drawn may lie from the finest level, 0.25 to 64. Lower is finer. */
    screenSpaceError: number;
    /** Bytes: what pools, caches and GPU copies may take together, 16 MiB to 1 TiB. */
    memoryLimitBytes: number;
    /** Milliseconds: time a frame for bringing chunks to the GPU, 0.01 to 100. */
    applyBudgetMs: number;
    /** Bytes: what may be brought to the GPU in a frame, 64 KiB to 1 GiB. One chunk always may. */
    applyBudgetBytes: number;
    /**
     * Seconds: how far ahead viewers' motion is followed, 0 to 30. Chunks that they will need are baked before they
     * come; 0 prefetches nothing.
     */
    prefetchTime: number;
    /**
     * Seconds: how long chunks take to fade into finer or coarser ones, 0 to 10. Those with caves take three times as
     * long. 0 switches at once, as do materials other than Standard and PBR ones.
     */
    levelFadeTime: number;
}

/** Returns the names of the settings in a table of options, in its order. */
export function settingKeysOf(options: WorldOptionTable): string[] {
    return Object.keys(options).filter((key) => options[key]!.canChange === true && options[key]!.type === "number");
}

/** Names of all settings. */
export const SETTING_KEYS = settingKeysOf(WORLD_OPTIONS) as readonly (keyof WorldSettings)[];

/** What a world has where nobody sets anything. */
export const DEFAULT_SETTINGS = settingsFrom({});

/** Returns the settings among `options`, completed by the defaults: a new object. */
export function settingsFrom(options: Partial<WorldSettings>): WorldSettings {
    const pairs = SETTING_KEYS.map((key) => [key, options[key] ?? WORLD_OPTIONS[key].default]);
    return Object.fromEntries(pairs) as WorldSettings;
}

/** Throws a `TerraneError` where `value` is not what the setting `key` may be. */
export function assertSetting(key: keyof WorldSettings, value: unknown): asserts value is number {
    check(WORLD_OPTIONS, key, value);
}

/** Allocates nothing where all is well: games set these while they run. */
function check(options: WorldOptionTable, key: string, value: unknown): void {
    const field = options[key]!;
    if (!field.accepts(value)) {
        throwProblems(problemsOf({ ...field, isRequired: true }, value, `options.${key}`));
    }
}

/**
 * Gives `prototype` an accessor for each setting: what is set is checked by the table, then kept in the object that
 * `settingsOf` returns.
 *
 * @param assertFits throws where the owner cannot have what the table allows
 */
export function defineSettings<T extends object>(
    prototype: T,
    settingsOf: (owner: T) => WorldSettings,
    options: WorldOptionTable = WORLD_OPTIONS,
    assertFits: (owner: T, key: string, value: unknown) => void = () => {},
): void {
    for (const key of settingKeysOf(options)) {
        Object.defineProperty(prototype, key, {
            configurable: true,
            get(this: T): number {
                return settingsOf(this)[key as keyof WorldSettings];
            },
            set(this: T, value: unknown) {
                check(options, key, value);
                assertFits(this, key, value);
                settingsOf(this)[key as keyof WorldSettings] = value as number;
            },
        });
    }
}
