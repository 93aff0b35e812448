import type { DirectionalLight } from "@babylonjs/core/Lights/directionalLight.js";
import type { Light } from "@babylonjs/core/Lights/light.js";
import { Color3 } from "@babylonjs/core/Maths/math.color.js";
import { Vector3 } from "@babylonjs/core/Maths/math.vector.js";
import type { Scene } from "@babylonjs/core/scene.js";

/** What the ground knows of a scene's lights beside what Babylon adds itself. Linear colours. */
export interface SceneLight {
    /** Unit vector to the brightest directional light. */
    readonly toSun: Vector3;
    /** What white ground sends back that faces it; black where there is none. */
    readonly sunlight: Color3;
    /** Whether there is a directional light. */
    hasSun: boolean;
    readonly zenith: Color3;
    readonly towardsSun: Color3;
    readonly awayFromSun: Color3;
    readonly ground: Color3;
}

export function createSceneLight(): SceneLight {
    return {
        toSun: new Vector3(0, 1, 0),
        sunlight: new Color3(),
        hasSun: false,
        zenith: new Color3(),
        towardsSun: new Color3(),
        awayFromSun: new Color3(),
        ground: new Color3(),
    };
}

/** Of a clear day: what the sky sends by direction, as a share of the sun's light. The sun gives about five times the sky's. */
const ZENITH = new Color3(0.14, 0.19, 0.28);
const TOWARDS = new Color3(0.32, 0.3, 0.26);
const AWAY = new Color3(0.18, 0.22, 0.28);
const BOUNCE = new Color3(0.11, 0.092, 0.07);
/** Where lamps are all there is, and where there is no light at all. */
const DIM = 0.12;
const BRIGHT = 0.9;
/** Babylon's class ids: reading them imports no class. */
const DIRECTIONAL = 1;
const HEMISPHERIC = 3;

/**
 * Reads a scene's directional light, and what ambient light it asks for: none where a hemispheric light or an environment
 * texture gives it.
 */
export function readSceneLight(scene: Scene, hasEnvironmentTexture: boolean, result: SceneLight): void {
    let sun: DirectionalLight | null = null;
    let sunPower = 0;
    let hasHemisphere = hasEnvironmentTexture;
    let hasLight = false;
    for (const light of scene.lights) {
        if (!light.isEnabled() || light.intensity <= 0) {
            continue;
        }
        hasLight = true;
        const type = light.getTypeID();
        hasHemisphere ||= type === HEMISPHERIC;
        const power = type === DIRECTIONAL ? powerOf(light) : 0;
        if (power > sunPower) {
            sunPower = power;
            sun = light as DirectionalLight;
        }
    }
    result.hasSun = sun !== null;
    if (sun === null) {
        result.toSun.set(0, 1, 0);
        result.sunlight.set(0, 0, 0);
    } else {
        result.toSun.copyFrom(sun.direction).scaleInPlace(-1).normalize();
        // Babylon's diffuse term divides by pi.
        sun.diffuse.scaleToRef(sun.intensity / Math.PI, result.sunlight);
    }
    if (hasHemisphere) {
        setAll(result, 0, 0, 0);
    } else if (sun === null) {
        const strength = hasLight ? DIM : BRIGHT;
        setAll(result, strength, strength, strength);
    } else {
        const { sunlight, toSun } = result;
        sunlight.multiplyToRef(ZENITH, result.zenith);
        sunlight.multiplyToRef(TOWARDS, result.towardsSun);
        sunlight.multiplyToRef(AWAY, result.awayFromSun);
        sunlight.multiplyToRef(BOUNCE, result.ground).scaleToRef(0.3 + Math.max(0, toSun.y), result.ground);
    }
}

function powerOf({ diffuse, intensity }: Light): number {
    return intensity * (diffuse.r + diffuse.g + diffuse.b);
}

function setAll({ zenith, towardsSun, awayFromSun, ground }: SceneLight, r: number, g: number, b: number): void {
    zenith.set(r, g, b);
    towardsSun.set(r, g, b);
    awayFromSun.set(r, g, b);
    ground.set(r * 0.6, g * 0.6, b * 0.6);
}
