import type { TerrainQuality } from "../babylon/material/quality.js";
import { assertEnvironmentSetting, ENVIRONMENT_OPTIONS, type EnvironmentOption } from "./environmentOptionTable.js";

/** The options of an environment that may change while it runs. */
export interface EnvironmentSettings {
    /** Hours: solar time: the sun stands highest at 12, 0 to 24. */
    timeOfDay: number;
    /** Degrees: how far north the place lies, whose +x is east and +z north, -90 to 90. */
    latitude: number;
    /**
     * The day, for the height of the sun's path, 1 to 365. On day 80 and 266 the sun rises at 6 and sets at 18; in the
     * north days are longest on 172.
     */
    dayOfYear: number;
    /** How much of the sky clouds cover: none, some, all, 0 to 1. */
    clouds: number;
    /** How much haze and mist the air holds: 0 is clear, 1 a fine day, 4 dull, 0 to 10. */
    haze: number;
    /** How bright the picture is beside what suits the hour, 0.01 to 100. */
    exposure: number;
    /** How bright a lamp beside the camera is, which lights caves alone, 0 to 1. */
    lamp: number;
    /**
     * How much clouds and horizon maps may cost. Left out, it follows the world's, until it is set on the environment.
     */
    quality: TerrainQuality;
}

/** Names of all settings. */
export const ENVIRONMENT_SETTING_KEYS = Object.entries<EnvironmentOption>(ENVIRONMENT_OPTIONS)
    .filter(([, { canChange }]) => canChange === true)
    .map(([key]) => key) as readonly (keyof EnvironmentSettings)[];

/**
 * Gives `prototype` an accessor for each setting: what is set is checked by the table, kept in the object that `settingsOf` returns,
 * and told to `onSet`, with whether it is another than before.
 */
export function defineEnvironmentSettings<T extends object>(
    prototype: T,
    settingsOf: (owner: T) => EnvironmentSettings,
    onSet: (owner: T, key: keyof EnvironmentSettings, isOther: boolean) => void,
): void {
    for (const key of ENVIRONMENT_SETTING_KEYS) {
        Object.defineProperty(prototype, key, {
            configurable: true,
            get(this: T) {
                return settingsOf(this)[key];
            },
            set(this: T, value: never) {
                assertEnvironmentSetting(key, value);
                const settings = settingsOf(this);
                const isOther = settings[key] !== value;
                settings[key] = value;
                onSet(this, key, isOther);
            },
        });
    }
}
