import { Constants } from "@babylonjs/core/Engines/constants.js";
import type { Camera } from "@babylonjs/core/Cameras/camera.js";
import type { ShaderMaterial } from "@babylonjs/core/Materials/shaderMaterial.js";
import type { BaseTexture } from "@babylonjs/core/Materials/Textures/baseTexture.js";
import { Matrix, Vector4 } from "@babylonjs/core/Maths/math.vector.js";
import { Mesh } from "@babylonjs/core/Meshes/mesh.js";
import { VertexData } from "@babylonjs/core/Meshes/mesh.vertexData.js";
import type { Scene } from "@babylonjs/core/scene.js";
import type { EnvironmentLight } from "./environmentLight.js";
import type { EnvironmentUniforms } from "./environmentUniforms.js";
import { eyeOf } from "./eye.js";
import { createShaderMaterial } from "./shaderSource.js";
import { SKY_UNIFORMS } from "./skyShader.js";
import { skyShader, type SkyDetail } from "./skyDomeShader.js";

/** Before all that is translucent, after all that is not, which covers most of its pixels by then. */
const ALPHA_INDEX = -2e9;
/** Clouds cover nothing where noise is below the first, everything above the second: for no clouds, and for as many as can be. */
const CLEAR = [0.86, 1.04] as const;
const OVERCAST = [0.18, 0.4] as const;

/** Scratch. */
const toWorld = new Matrix();

/**
 * Draws the sky behind everything: its light, thin clouds, sun, moon and stars. Infinitely far, it turns with the camera and no
 * more.
 */
export class Sky {
    public readonly mesh: Mesh;
    private readonly _drift = new Vector4();
    private readonly _cover = new Vector4();
    private readonly _cloudColor = new Vector4();
    private readonly _moon = new Vector4();
    private readonly _stars = new Vector4();
    private readonly _place = new Vector4();
    private _material: ShaderMaterial | null = null;

    public constructor(
        private readonly _name: string,
        private readonly _scene: Scene,
        private readonly _uniforms: EnvironmentUniforms,
        private readonly _noise: BaseTexture,
        private readonly _baseAltitude: () => number,
    ) {
        this.mesh = new Mesh(_name, _scene);
        const triangle = new VertexData();
        triangle.positions = [-1, -1, 0, 3, -1, 0, -1, 3, 0];
        triangle.indices = [0, 1, 2];
        triangle.applyToMesh(this.mesh);
        this.mesh.alwaysSelectAsActiveMesh = true;
        this.mesh.isPickable = false;
        this.mesh.doNotSerialize = true;
        this.mesh.applyFog = false;
        this.mesh.alphaIndex = ALPHA_INDEX;
        this.mesh.onBeforeRenderObservable.add(() => this._follow());
    }

    /** Makes the shader anew. */
    public setDetail(detail: SkyDetail): void {
        const material = createShaderMaterial(this._name, this._scene, skyShader(detail));
        material.disableDepthWrite = true;
        // Drawn with what is translucent, for its place in the order, yet covers all.
        material.alphaMode = Constants.ALPHA_DISABLE;
        for (const name of SKY_UNIFORMS) {
            material.setVector4(name, this._uniforms[name]);
        }
        material.setTexture("skyNoise", this._noise);
        material.setVector4("skyDrift", this._drift);
        material.setVector4("skyCover", this._cover);
        material.setVector4("skyCloudColor", this._cloudColor);
        material.setVector4("skyMoon", this._moon);
        material.setVector4("skyStars", this._stars);
        material.setVector4("skyPlace", this._place);
        this._material?.dispose();
        this._material = material;
        this.mesh.material = material;
    }

    /** @param clouds 0 to 1 */
    public setClouds(clouds: number): void {
        const way = clouds < 0.5 ? clouds * 2 : clouds * 2 - 1;
        const [from, to] = clouds < 0.5 ? [CLEAR, HALF] : [HALF, OVERCAST];
        this._cover.set(from[0] + (to[0] - from[0]) * way, from[1] + (to[1] - from[1]) * way, 0, 0);
    }

    /** @param latitude radians */
    public setLight({ moon, cloudColor, stars, starAngle }: EnvironmentLight, latitude: number): void {
        this._moon.set(moon.x, moon.y, moon.z, 0);
        this._cloudColor.set(cloudColor[0], cloudColor[1], cloudColor[2], 0);
        this._stars.set(stars, starAngle, Math.cos(latitude), Math.sin(latitude));
    }

    /** Moves the clouds to a time in seconds. */
    public setSeconds(seconds: number): void {
        this._drift.set(0.31 + seconds * 0.00022, 0.12 + seconds * 0.00008, 0.77 + seconds * 0.0006, seconds * 0.0003);
    }

    public dispose(): void {
        this.mesh.dispose();
        this._material?.dispose();
    }

    private _follow(): void {
        const scene = this._scene;
        const engine = scene.getEngine();
        scene.getViewMatrix().getRotationMatrixToRef(toWorld);
        toWorld.multiplyToRef(scene.getProjectionMatrix(), toWorld);
        toWorld.invertToRef(toWorld);
        this._material?.setMatrix("skyToWorld", toWorld);
        const farthest = engine.useReverseDepthBuffer ? (engine.isNDCHalfZRange ? 1e-7 : -0.9999999) : 0.9999999;
        const pixel = pixelAngle(scene.activeCamera, engine.getRenderHeight());
        this._place.set(eyeOf(scene).y - this._baseAltitude(), farthest, engine.useReverseDepthBuffer ? -1 : 1, pixel);
    }
}

/** As many clouds as by default. */
const HALF = [0.505, 0.74] as const;

/** Returns the angle of a pixel in radians. */
export function pixelAngle(camera: Camera | null, height: number): number {
    return (2 * Math.tan((camera?.fov ?? 0.8) / 2)) / Math.max(1, height);
}
