import type { DirectionalLight } from "@babylonjs/core/Lights/directionalLight.js";
import type { TerrainQuality } from "../babylon/material/quality.js";

/**
 * What `CreateTerrainEnvironmentAsync` takes. All may be left out. `npm run settings` writes what is said of each option from
 * `ENVIRONMENT_OPTIONS`.
 */
export interface TerrainEnvironmentOptions {
    /** Hours: solar time: the sun stands highest at 12, 0 to 24. Default: 15.5. May change while the world runs. */
    readonly timeOfDay?: number;
    /**
     * Degrees: how far north the place lies, whose +x is east and +z north, -90 to 90. Default: 40. May change while
     * the world runs.
     */
    readonly latitude?: number;
    /**
     * The day, for the height of the sun's path, 1 to 365. On day 80 and 266 the sun rises at 6 and sets at 18; in the
     * north days are longest on 172. Default: 80. May change while the world runs.
     */
    readonly dayOfYear?: number;
    /**
     * Whether the environment has a light for sun and moon; or a light of yours that it turns and colours. Off, the
     * ground is lit by your own lights. Default: true.
     */
    readonly sun?: boolean | DirectionalLight;
    /** Whether the ground gets the sky's light and what lit ground sends back. Default: true. */
    readonly ambient?: boolean;
    /**
     * Whether mountains cast shadows into valleys, some 5 km around the camera. For shadows of things, give a shadow
     * generator the environment's light. Default: true.
     */
    readonly shadows?: boolean;
    /** Whether there is a sky with sun, moon, stars and clouds. Default: true. */
    readonly sky?: boolean;
    /** How much of the sky clouds cover: none, some, all, 0 to 1. Default: 0.5. May change while the world runs. */
    readonly clouds?: number;
    /** Whether there is water at the recipe's level, where the recipe has water. Default: true. */
    readonly sea?: boolean;
    /** Whether air lies between the eye and what it sees, which hides where land ends. Default: true. */
    readonly air?: boolean;
    /**
     * How much haze and mist the air holds: 0 is clear, 1 a fine day, 4 dull, 0 to 10. Default: 1. May change while the
     * world runs.
     */
    readonly haze?: number;
    /**
     * Whether exposure, white balance and tone curve are part of all shaders. Off, colours are only exposed, for a
     * pipeline of yours. Default: true.
     */
    readonly tone?: boolean;
    /**
     * How bright the picture is beside what suits the hour, 0.01 to 100. Default: 1. May change while the world runs.
     */
    readonly exposure?: number;
    /**
     * How bright a lamp beside the camera is, which lights caves alone, 0 to 1. Default: 0. May change while the world
     * runs.
     */
    readonly lamp?: number;
    /** Whether clouds and waves move with time. Off, they stand where `seconds` says. Default: true. */
    readonly animates?: boolean;
    /**
     * How much clouds and horizon maps may cost. Left out, it follows the world's, until it is set on the environment.
     * Default: the world's. May change while the world runs.
     */
    readonly quality?: TerrainQuality;
}
