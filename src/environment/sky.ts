import { Constants } from "@babylonjs/core/Engines/constants.js";
import type { Camera } from "@babylonjs/core/Cameras/camera.js";
import type { BaseTexture } from "@babylonjs/core/Materials/Textures/baseTexture.js";
import { Matrix, Vector4 } from "@babylonjs/core/Maths/math.vector.js";
import type { Mesh } from "@babylonjs/core/Meshes/mesh.js";
import { VertexData } from "@babylonjs/core/Meshes/mesh.vertexData.js";
import type { Scene } from "@babylonjs/core/scene.js";
import type { EnvironmentLight } from "./environmentLight.js";
import type { EnvironmentUniforms } from "./environmentUniforms.js";
import { eyeOf } from "./eye.js";
import { ShaderMesh } from "./shaderMesh.js";
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
    private readonly _drift = new Vector4();
    private readonly _cover = new Vector4();
    private readonly _cloudColor = new Vector4();
    private readonly _moon = new Vector4();
    private readonly _stars = new Vector4();
    private readonly _place = new Vector4();
    private readonly _drawn: ShaderMesh;

    public constructor(
        name: string,
        private readonly _scene: Scene,
        uniforms: EnvironmentUniforms,
        private readonly _noise: BaseTexture,
        private readonly _baseAltitude: () => number,
    ) {
        const shape = new VertexData();
        shape.positions = [-1, -1, 0, 3, -1, 0, -1, 3, 0];
        shape.indices = [0, 1, 2];
        const onDraw = (): void => this._follow();
        this._drawn = new ShaderMesh({ name, scene: _scene, uniforms, shape, alphaIndex: ALPHA_INDEX, onDraw });
    }

    public get mesh(): Mesh {
        return this._drawn.mesh;
    }

    /** Makes the shader anew. */
    public setDetail(detail: SkyDetail): void {
        this._drawn.setShader({
            source: skyShader(detail),
            // Drawn with what is translucent, for its place in the order, yet covers all.
            alphaMode: Constants.ALPHA_DISABLE,
            vectors: {
                skyDrift: this._drift,
                skyCover: this._cover,
                skyCloudColor: this._cloudColor,
                skyMoon: this._moon,
                skyStars: this._stars,
                skyPlace: this._place,
            },
            textures: { skyNoise: this._noise },
        });
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
        this._drawn.dispose();
    }

    private _follow(): void {
        const scene = this._scene;
        const engine = scene.getEngine();
        scene.getViewMatrix().getRotationMatrixToRef(toWorld);
        toWorld.multiplyToRef(scene.getProjectionMatrix(), toWorld);
        toWorld.invertToRef(toWorld);
        this._drawn.setMatrix("skyToWorld", toWorld);
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
