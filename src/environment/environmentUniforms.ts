import { Vector4 } from "@babylonjs/core/Maths/math.vector.js";
import type { AmbientLight } from "../babylon/material/ambientLight.js";
import type { Vec3Like } from "../base/vec3Like.js";
import type { SKY_UNIFORMS } from "./skyShader.js";
import type { Daylight, Rgb } from "./skyModel.js";

type SkyUniform = (typeof SKY_UNIFORMS)[number];

/** Optical depth a metre of haze and of mist, near the sea. */
const HAZE = 4.2e-5;
const MIST = 1.6e-4;

/**
 * What sky, sea and land have in common, packed for their shaders. All of them hold these very vectors, which are changed in place.
 */
export class EnvironmentUniforms implements Readonly<Record<SkyUniform, Vector4>> {
    /** Direction to the sun; light of the sky that was scattered more often. */
    public readonly airSun = new Vector4();
    /** Light of the night sky; altitude of the water, far below everything where there is none. */
    public readonly airNight = new Vector4();
    /** Direction to what lights the ground, sun or moon; brightness of the lamp. */
    public readonly airLight = new Vector4();
    /** Its light on the ground. */
    public readonly airLightColor = new Vector4();
    /** Haze and mist a metre; one over the view distance. */
    public readonly airHaze = new Vector4();
    /** Exposure by colour. */
    public readonly airTone = new Vector4();
    /** Ambient light from above, from the sun's side, from the other, from below. */
    public readonly airZenith = new Vector4();
    public readonly airTowardsSun = new Vector4();
    public readonly airAwayFromSun = new Vector4();
    public readonly airBounce = new Vector4();

    public setDaylight({ sun, many, night }: Daylight): void {
        this.airSun.set(sun.x, sun.y, sun.z, many);
        this.airNight.set(night[0], night[1], night[2], this.airNight.w);
    }

    public setLight(direction: Vec3Like, [red, green, blue]: Readonly<Rgb>): void {
        this.airLight.set(direction.x, direction.y, direction.z, this.airLight.w);
        this.airLightColor.set(red, green, blue, 0);
    }

    /** @param waterAltitude metres above where altitudes are 0; null where there is no water */
    public setWater(waterAltitude: number | null): void {
        this.airNight.w = waterAltitude ?? -1e6;
    }

    public setLamp(brightness: number): void {
        this.airLight.w = brightness;
    }

    /** @param lowSun 0 to 1: haze and mist are thicker in the morning and in the evening */
    public setHaze(haze: number, lowSun: number, viewDistance: number): void {
        this.airHaze.set(
            haze * (0.55 + 0.35 * lowSun) * HAZE,
            haze * (0.12 + 0.3 * lowSun) * MIST,
            1 / viewDistance,
            0,
        );
    }

    public setTone(exposure: number, [red, green, blue]: Readonly<Rgb>): void {
        this.airTone.set(exposure * red, exposure * green, exposure * blue, 0);
    }

    public setAmbient({ zenith, towardsSun, awayFromSun, ground }: AmbientLight): void {
        this.airZenith.set(zenith.r, zenith.g, zenith.b, 0);
        this.airTowardsSun.set(towardsSun.r, towardsSun.g, towardsSun.b, 0);
        this.airAwayFromSun.set(awayFromSun.r, awayFromSun.g, awayFromSun.b, 0);
        this.airBounce.set(ground.r, ground.g, ground.b, 0);
    }
}
