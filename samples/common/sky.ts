import type { TargetCamera } from "@babylonjs/core/Cameras/targetCamera.js";
import { ShaderMaterial } from "@babylonjs/core/Materials/shaderMaterial.js";
import type { BaseTexture } from "@babylonjs/core/Materials/Textures/baseTexture.js";
import { Matrix, Vector4 } from "@babylonjs/core/Maths/math.vector.js";
import { Mesh } from "@babylonjs/core/Meshes/mesh.js";
import { VertexData } from "@babylonjs/core/Meshes/mesh.vertexData.js";
import type { Scene } from "@babylonjs/core/scene.js";
import { atmosphereGlsl } from "./atmosphereGlsl.js";

/** Sky, then sea, are drawn after the land and share its depths. */
export const BEHIND_LAND_GROUP = 1;

const VERTEX = `
precision highp float;
attribute vec3 position;
uniform mat4 skyToWorld;
varying vec3 vDirection;
void main() {
    /* At the far plane, so that only what nothing covers is shaded. */
    gl_Position = vec4(position.xy, 0.999999, 1.0);
    vec4 far = skyToWorld * vec4(position.xy, 1.0, 1.0);
    vDirection = far.xyz / far.w;
}
`;

const fragmentGlsl = (seaLevel: number, viewDistance: number): string => `
precision highp float;
varying vec3 vDirection;
uniform sampler2D noise;
uniform vec4 drift;
uniform float eyeHeight;
${atmosphereGlsl(seaLevel, viewDistance)}

/* Share of a high, thin layer that clouds cover. */
float cloudCover(vec2 p) {
    float broad = texture2D(noise, p * 0.045 + drift.xy).r;
    float fine = texture2D(noise, p * 0.19 + drift.zw).g;
    float wisps = texture2D(noise, p * vec2(0.34, 0.80) - drift.yx).r;
    return smoothstep(0.52, 0.80, broad * 0.78 + fine * 0.24 + wisps * 0.10);
}

void main() {
    vec3 direction = normalize(vDirection);
    if (eyeHeight < SEA_LEVEL) {
        gl_FragColor = vec4(toScreen(WATER_COLOR * (0.6 + 0.5 * direction.y)), 1.0);
        return;
    }
    vec3 color = skyLight(direction);
    if (direction.y > 0.012) {
        /* The layer bends down to the horizon, as the real one does with the Earth. */
        vec2 p = direction.xz / (direction.y + 0.09);
        float cover = cloudCover(p);
        float behind = cloudCover(p + SUN_DIRECTION.xz * 0.22);
        float towardsSun = max(dot(direction, SUN_DIRECTION), 0.0);
        vec3 lit = mix(vec3(0.56, 0.63, 0.76), vec3(1.12, 1.02, 0.90), clamp(0.72 - 0.55 * behind + 0.25 * cover, 0.0, 1.0));
        lit += SUN_COLOR * (0.28 * pow(towardsSun, 10.0) + 0.9 * pow(towardsSun, 90.0)) * (1.0 - 0.6 * cover);
        float seen = smoothstep(0.012, 0.16, direction.y);
        color = mix(color, mix(skyLight(direction), lit, seen), cover * 0.86 * seen);
        color += SUN_COLOR * 26.0 * smoothstep(0.99986, 0.99994, towardsSun) * (1.0 - 0.9 * cover);
    }
    /* A grain below one step of an 8-bit screen keeps the gradient from banding. */
    float grain = fract(52.9829189 * fract(dot(gl_FragCoord.xy, vec2(0.06711056, 0.00583715)))) - 0.5;
    gl_FragColor = vec4(toScreen(color) + grain / 255.0, 1.0);
}
`;

/**
 * Draws the sky behind everything: a gradient, a low sun, thin clouds. Infinitely far, it turns with the camera and no
 * more.
 */
export class Sky {
    private readonly _material: ShaderMaterial;
    private readonly _toWorld = new Matrix();
    private readonly _drift = new Vector4();

    public constructor(
        scene: Scene,
        private readonly _camera: TargetCamera,
        noise: BaseTexture,
        seaLevel: number,
        viewDistance: number,
    ) {
        this._material = new ShaderMaterial(
            "sky",
            scene,
            { vertexSource: VERTEX, fragmentSource: fragmentGlsl(seaLevel, viewDistance) },
            {
                attributes: ["position"],
                uniforms: ["skyToWorld", "drift", "eyeHeight"],
                samplers: ["noise"],
            },
        );
        this._material.setTexture("noise", noise);
        this._material.backFaceCulling = false;
        this._material.disableDepthWrite = true;
        this.setTime(0);

        const mesh = new Mesh("sky", scene);
        const triangle = new VertexData();
        triangle.positions = [-1, -1, 0, 3, -1, 0, -1, 3, 0];
        triangle.indices = [0, 1, 2];
        triangle.applyToMesh(mesh);
        mesh.material = this._material;
        mesh.alwaysSelectAsActiveMesh = true;
        mesh.isPickable = false;
        // After the land, which covers most of its pixels by then.
        mesh.renderingGroupId = BEHIND_LAND_GROUP;
        scene.setRenderingAutoClearDepthStencil(BEHIND_LAND_GROUP, false);
        scene.onBeforeRenderObservable.add(() => this._follow());
    }

    /** Moves the clouds to a time in seconds. */
    public setTime(seconds: number): void {
        this._drift.set(0.31 + seconds * 0.00035, 0.12 + seconds * 0.0001, 0.77 + seconds * 0.0009, seconds * 0.0004);
        this._material.setVector4("drift", this._drift);
    }

    private _follow(): void {
        const camera = this._camera;
        camera.getViewMatrix().getRotationMatrixToRef(this._toWorld);
        this._toWorld.multiplyToRef(camera.getProjectionMatrix(), this._toWorld);
        this._toWorld.invertToRef(this._toWorld);
        this._material.setMatrix("skyToWorld", this._toWorld);
        this._material.setFloat("eyeHeight", camera.position.y);
    }
}
