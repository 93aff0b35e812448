import { Color3 } from "@babylonjs/core/Maths/math.color.js";
import { Vector3 } from "@babylonjs/core/Maths/math.vector.js";
import type { AmbientLight } from "../babylon/material/ambientLight.js";
import {
    exposureAt,
    moonLightToRef,
    skyLightToRef,
    smoothstep,
    sunLightToRef,
    updateDaylight,
    whiteBalanceToRef,
    type Daylight,
    type Rgb,
} from "./skyModel.js";
import { moonDirectionToRef, starAngle, sunDirectionToRef, type SkyTime } from "./sunPosition.js";

/** The sine of the sun's height below which the moon lights the ground. Neither does near it, so nobody sees the change. */
const MOONLIGHT_BELOW = -0.055;
/** Ambient light is this much brighter than the model's sky, which leaves out what clouds and far land send. */
const AMBIENT_GAIN = 1.6;
/** Its share that all directions have in common in colour. */
const AMBIENT_GREY = 0.62;
/** The sine at which horizons are looked at for ambient light. */
const HORIZON = 0.18;
/** What ground sends back of the light on it. */
const GROUND: Readonly<Rgb> = [0.15, 0.125, 0.095];

/** Scratch. */
const color: Rgb = [0, 0, 0];
const zenith: Rgb = [0, 0, 0];

/** All that follows from the time of day, in linear colours. `update` writes it in place. */
export class EnvironmentLight {
    public readonly sun = new Vector3(0, 1, 0);
    public readonly moon = new Vector3(0, -1, 0);
    public readonly daylight: Daylight = { sun: this.sun, moon: this.moon, many: 1, night: [0, 0, 0] };
    /** Unit vector to what lights the ground: the sun by day, the moon at night. */
    public readonly direction = new Vector3(0, 1, 0);
    /** Its light on the ground. */
    public readonly color: Rgb = [0, 0, 0];
    /** Light of the sun on clouds, which it reaches a little longer than the ground. */
    public readonly cloudColor: Rgb = [0, 0, 0];
    public readonly ambient: AmbientLight = {
        zenith: new Color3(),
        towardsSun: new Color3(),
        awayFromSun: new Color3(),
        ground: new Color3(),
    };
    public readonly whiteBalance: Rgb = [1, 1, 1];
    public exposure = 1;
    /** 0 by day, 1 while the sun is low. */
    public lowSun = 0;
    /** Radians by which the stars have turned about the pole. */
    public starAngle = 0;
    /** 0 by day, 1 where all stars are seen. */
    public stars = 0;

    public update(time: SkyTime): void {
        const { sun, moon, daylight } = this;
        sunDirectionToRef(time, sun);
        moonDirectionToRef(time, moon);
        updateDaylight(daylight);
        this.starAngle = starAngle(time);
        this.stars = 1 - smoothstep(-0.2, -0.07, sun.y);
        this.lowSun = 1 - smoothstep(0.12, 0.4, sun.y);
        this.exposure = exposureAt(sun.y);
        whiteBalanceToRef(sun.y, this.whiteBalance);
        if (sun.y > MOONLIGHT_BELOW) {
            this.direction.copyFrom(sun);
            sunLightToRef(sun, this.color);
        } else {
            this.direction.copyFrom(moon);
            moonLightToRef(daylight, this.color);
        }
        this._updateClouds();
        this._updateAmbient();
    }

    private _updateClouds(): void {
        const { sun, cloudColor, color: onGround } = this;
        cloudHeight.y = sun.y + 0.05;
        sunLightToRef(cloudHeight, cloudColor);
        for (let i = 0; i < 3; i++) {
            cloudColor[i] = Math.max(cloudColor[i]!, onGround[i]!);
        }
    }

    private _updateAmbient(): void {
        const { daylight, direction, color: light, ambient } = this;
        const level = Math.hypot(direction.x, direction.z) || 1;
        const x = direction.x / level;
        const z = direction.z / level;
        skyLightToRef(daylight, 0.3 * x, 0.9, 0.3 * z, zenith);
        writeAmbient(zenith, ambient.zenith);
        writeAmbient(skyLightToRef(daylight, x, HORIZON, z, color), ambient.towardsSun);
        writeAmbient(skyLightToRef(daylight, -x, HORIZON, -z, color), ambient.awayFromSun);
        const height = 0.75 * Math.max(direction.y, 0.05);
        for (let i = 0; i < 3; i++) {
            color[i] = (light[i]! * height + zenith[i]!) * GROUND[i]!;
        }
        writeAmbient(color, ambient.ground);
    }
}

/** Scratch. */
const cloudHeight = new Vector3();

function writeAmbient([red, green, blue]: Readonly<Rgb>, ref: Color3): void {
    const grey = (0.3 * red + 0.5 * green + 0.2 * blue) * AMBIENT_GREY;
    const own = 1 - AMBIENT_GREY;
    ref.r = AMBIENT_GAIN * (own * red + 0.98 * grey);
    ref.g = AMBIENT_GAIN * (own * green + grey);
    ref.b = AMBIENT_GAIN * (own * blue + 1.06 * grey);
}
