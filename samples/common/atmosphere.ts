import type { TargetCamera } from "@babylonjs/core/Cameras/targetCamera.js";
import { DirectionalLight } from "@babylonjs/core/Lights/directionalLight.js";
import { ImageProcessingConfiguration } from "@babylonjs/core/Materials/imageProcessingConfiguration.js";
import type { PBRMaterial } from "@babylonjs/core/Materials/PBR/pbrMaterial.js";
import { Color3, Color4 } from "@babylonjs/core/Maths/math.color.js";
import type { Vector3 } from "@babylonjs/core/Maths/math.vector.js";
import type { Scene } from "@babylonjs/core/scene.js";
import { SUN_DIRECTION } from "./atmosphereGlsl.js";
import { HorizonMap, type HeightSource } from "./horizonMap.js";
import { LandLightPlugin, type LandLightState } from "./landLight.js";
import { createNoiseTexture } from "./noiseTexture.js";
import { Sea } from "./sea.js";
import { Sky } from "./sky.js";

export interface AtmosphereOptions {
    /** Metres: height of the sea; null where there is none. */
    readonly seaLevel: number | null;
    /** Metres: where land ends, and haze hides that it does. */
    readonly viewDistance: number;
    /** Draws the land; gets the atmosphere's light and haze. */
    readonly material: PBRMaterial;
    readonly heights: HeightSource;
}

/** Milliseconds a frame for the horizon maps in flight. */
const BUDGET_MS = 0.7;
/** While nothing else is to be seen: milliseconds a frame at least, and the share of a slow frame. */
const LOADING_BUDGET_MS = 20;
const LOADING_SHARE = 0.7;

/** Draws sky, sun, sea, shadows of mountains and haze, all in one light. */
export class Atmosphere implements LandLightState {
    /** Brightness of the lamp that one carries in caves, 0 to 1. */
    public lamp = 0;
    /** Whether more of each frame is spent on what is not there yet. */
    public isLoading = true;
    public readonly near: HorizonMap;
    public readonly far: HorizonMap;
    private readonly _sky: Sky;
    private readonly _sea: Sea | null;
    private _isComplete = false;

    public constructor(
        scene: Scene,
        private readonly _camera: TargetCamera,
        { seaLevel, viewDistance, material, heights }: AtmosphereOptions,
    ) {
        scene.clearColor = new Color4(0.4, 0.5, 0.65, 1);
        const sun = new DirectionalLight("sun", SUN_DIRECTION.scale(-1), scene);
        sun.diffuse = new Color3(1, 0.83, 0.62);
        sun.specular = sun.diffuse;
        sun.intensity = 3.7;
        // The tone curve is part of the shaders; what is left to Babylon is gamma.
        const processing = new ImageProcessingConfiguration();
        processing.toneMappingEnabled = false;
        material.imageProcessingConfiguration = processing;

        this.far = new HorizonMap("far horizons", scene, heights, 241, 48);
        this.near = new HorizonMap("near horizons", scene, heights, 192, 12, this.far);
        const level = seaLevel ?? -1e5;
        new LandLightPlugin(material, this, level, viewDistance);
        const noise = createNoiseTexture(scene);
        this._sky = new Sky(scene, _camera, noise, level, viewDistance);
        this._sea = seaLevel === null ? null : new Sea(scene, _camera, noise, this, seaLevel, viewDistance);
    }

    /** Where the camera is, in metres. */
    public get eye(): Vector3 {
        return this._camera.position;
    }

    /** Whether shadows are there for where the camera is. */
    public get isComplete(): boolean {
        return this._isComplete;
    }

    /**
     * Updates everything. Call it once a frame.
     *
     * @param seconds moves clouds and waves
     * @param frameMs milliseconds that the last frame took
     */
    public update(seconds: number, frameMs: number): void {
        this._sky.setTime(seconds);
        this._sea?.setTime(seconds);
        const { x, z } = this._camera.position;
        const budget = this.isLoading ? Math.max(LOADING_BUDGET_MS, frameMs * LOADING_SHARE) : BUDGET_MS;
        // The near map starts from the far one; once both are there, the near one is the more urgent.
        const isFarFirst = !this.far.isValid;
        const first = isFarFirst ? this.far : this.near;
        const second = isFarFirst ? this.near : this.far;
        this._isComplete = first.update(x, z, budget) && second.update(x, z, budget);
    }
}
