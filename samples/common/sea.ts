import type { TargetCamera } from "@babylonjs/core/Cameras/targetCamera.js";
import { Constants } from "@babylonjs/core/Engines/constants.js";
import { ShaderMaterial } from "@babylonjs/core/Materials/shaderMaterial.js";
import type { BaseTexture } from "@babylonjs/core/Materials/Textures/baseTexture.js";
import type { Vector3 } from "@babylonjs/core/Maths/math.vector.js";
import { Matrix, Vector4 } from "@babylonjs/core/Maths/math.vector.js";
import { Mesh } from "@babylonjs/core/Meshes/mesh.js";
import { VertexData } from "@babylonjs/core/Meshes/mesh.vertexData.js";
import type { Scene } from "@babylonjs/core/scene.js";
import { atmosphereGlsl } from "./atmosphereGlsl.js";
import type { HorizonMap } from "./horizonMap.js";
import { HORIZON_GLSL, type LandLightState } from "./landLight.js";
import { BEHIND_LAND_GROUP } from "./sky.js";

/** Metres. */
const RADIUS = 40_000;
const SECTORS = 48;
/** Metres a repeat of each layer of waves, and how it moves: repeats a second along u and v. */
const WAVES = [
    { size: 311, u: 0.009, v: 0.013 },
    { size: 67, u: -0.024, v: 0.031 },
    { size: 17, u: 0.075, v: -0.05 },
    { size: 5.3, u: -0.12, v: -0.16 },
] as const;

const VERTEX = `
precision highp float;
attribute vec3 position;
uniform mat4 seaToScreen;
uniform float seaBelowEye;
varying vec3 vRay;
void main() {
    vRay = vec3(position.x, seaBelowEye, position.z);
    gl_Position = seaToScreen * vec4(vRay, 1.0);
}
`;

const fragmentGlsl = (seaLevel: number, viewDistance: number): string => `
precision highp float;
varying vec3 vRay;
uniform sampler2D noise;
uniform vec4 wavesA;
uniform vec4 wavesB;
uniform vec4 mapNear;
uniform vec4 mapFar;
uniform float eyeHeight;
${atmosphereGlsl(seaLevel, viewDistance)}
${HORIZON_GLSL}

vec2 waveSlope(vec2 uv) {
    return texture2D(noise, uv).ba * 2.0 - 1.0;
}

void main() {
    float far = length(vRay);
    vec3 toEye = -vRay / far;
    vec2 p = vRay.xz;
    vec2 slope = waveSlope(wavesA.xy + p / ${WAVES[0].size.toFixed(1)}) * 0.055
        + waveSlope(wavesA.zw + p / ${WAVES[1].size.toFixed(1)}) * 0.085
        + waveSlope(wavesB.xy + p / ${WAVES[2].size.toFixed(1)}) * 0.10
        + waveSlope(wavesB.zw + p.yx / ${WAVES[3].size.toFixed(1)}) * 0.10;
    slope *= 1.0 / (1.0 + far / 2600.0);
    vec3 normal = normalize(vec3(-slope.x, 1.0, -slope.y));
    if (toEye.y < 0.0) {
        /* From below: the bright window above, else the dim inside of the surface. */
        float window_ = smoothstep(0.60, 0.72, -toEye.y + 0.3 * (slope.x + slope.y));
        vec3 below = mix(WATER_COLOR * 0.9, skyLight(vec3(-toEye.x, 1.2, -toEye.z)) * 0.9, window_);
        gl_FragColor = vec4(toScreen(throughAir(below, vRay, eyeHeight)), 1.0);
        return;
    }
    vec2 horizon = readHorizon(p, SEA_LEVEL, mapNear, mapFar, 4.0);
    float depth = SEA_LEVEL - horizon.y;

    float facing = max(dot(normal, toEye), 0.0);
    /* Waves far off turn their faces to the eye: they never mirror as much as still water does. */
    float fresnel = 0.02 + 0.98 * pow(1.0 - facing, 5.0) * mix(0.92, 0.62, smoothstep(200.0, 6000.0, far));
    vec3 mirrored = reflect(-toEye, normal);
    mirrored.y = abs(mirrored.y) + 0.03;
    vec3 halfway = normalize(toEye + SUN_DIRECTION);
    float sharp = mix(620.0, 150.0, smoothstep(50.0, 4000.0, far));
    float glitter = pow(max(dot(normal, halfway), 0.0), sharp) * mix(9.0, 3.2, smoothstep(50.0, 4000.0, far));
    vec3 mirror = skyLight(normalize(mirrored)) * mix(0.82, 1.0, horizon.x);

    /* Deep water hides its ground; so does water whose ground is not there to be drawn. */
    float murk = 1.0 - exp(-max(depth, 0.0) * 0.11);
    murk = mix(murk, 1.0, smoothstep(0.55, 0.80, far / VIEW_DISTANCE));
    vec3 shallows = vec3(0.022, 0.150, 0.150);
    vec3 body = mix(shallows, WATER_COLOR, smoothstep(3.0, 26.0, depth)) * mix(0.45, 0.85, horizon.x);

    float cover = fresnel + (1.0 - fresnel) * murk;
    vec3 color = mix(body, mirror, fresnel / max(cover, 0.001)) ;
    color += SUN_COLOR * glitter * horizon.x / max(cover, 0.15);

    /* Foam where the water runs out, in patches that come and go. */
    float breakers = texture2D(noise, p / 23.0 + wavesB.xy * 0.4).r + 0.6 * texture2D(noise, p / 7.0 - wavesB.zw * 0.3).g;
    float foam = (1.0 - smoothstep(0.1, 1.7, depth)) * smoothstep(-1.6, -0.2, depth) * smoothstep(0.72, 0.98, breakers);
    foam *= 1.0 - smoothstep(300.0, 1500.0, far);
    color = mix(color, vec3(0.80, 0.84, 0.86) * mix(0.4, 1.0, horizon.x), foam * 0.7);
    cover = max(cover, foam * 0.7);
    gl_FragColor = vec4(toScreen(throughAir(color, vRay, eyeHeight)) * cover, cover);
}
`;

/** Draws water to the horizon at one level: a disc that stays under the camera, with waves that stay where they are. */
export class Sea {
    private readonly _material: ShaderMaterial;
    private readonly _toScreen = new Matrix();
    private readonly _wavesA = new Vector4();
    private readonly _wavesB = new Vector4();
    private readonly _near = new Vector4();
    private readonly _far = new Vector4();
    private _seconds = 0;

    public constructor(
        scene: Scene,
        private readonly _camera: TargetCamera,
        noise: BaseTexture,
        private readonly _light: LandLightState,
        private readonly _seaLevel: number,
        viewDistance: number,
    ) {
        this._material = new ShaderMaterial(
            "sea",
            scene,
            { vertexSource: VERTEX, fragmentSource: fragmentGlsl(_seaLevel, viewDistance) },
            {
                attributes: ["position"],
                uniforms: ["seaToScreen", "seaBelowEye", "wavesA", "wavesB", "mapNear", "mapFar", "eyeHeight"],
                samplers: ["noise", "horizonNear", "horizonFar"],
                needAlphaBlending: true,
            },
        );
        this._material.alphaMode = Constants.ALPHA_PREMULTIPLIED;
        this._material.backFaceCulling = false;
        this._material.setTexture("noise", noise);
        this._material.setTexture("horizonNear", _light.near.texture);
        this._material.setTexture("horizonFar", _light.far.texture);
        const mesh = createDisc(scene);
        mesh.material = this._material;
        mesh.alwaysSelectAsActiveMesh = true;
        mesh.isPickable = false;
        mesh.renderingGroupId = BEHIND_LAND_GROUP;
        scene.onBeforeRenderObservable.add(() => this._follow());
    }

    /** Moves the waves to a time in seconds. */
    public setTime(seconds: number): void {
        this._seconds = seconds;
    }

    private _follow(): void {
        const { position } = this._camera;
        const material = this._material;
        this._camera.getViewMatrix().getRotationMatrixToRef(this._toScreen);
        this._toScreen.multiplyToRef(this._camera.getProjectionMatrix(), this._toScreen);
        material.setMatrix("seaToScreen", this._toScreen);
        material.setFloat("seaBelowEye", this._seaLevel - position.y);
        material.setFloat("eyeHeight", position.y);
        this._wavesA.set(this._wave(0, 0), this._wave(0, 1), this._wave(1, 0), this._wave(1, 1));
        this._wavesB.set(this._wave(2, 0), this._wave(2, 1), this._wave(3, 1), this._wave(3, 0));
        material.setVector4("wavesA", this._wavesA);
        material.setVector4("wavesB", this._wavesB);
        placeInMap(this._near, this._light.near, position);
        placeInMap(this._far, this._light.far, position);
        material.setVector4("mapNear", this._near);
        material.setVector4("mapFar", this._far);
    }

    /** Returns where the eye is in a layer of waves, below one repeat: exact however far from the origin. */
    private _wave(layer: number, axis: 0 | 1): number {
        const { size, u, v } = WAVES[layer]!;
        const { x, z } = this._camera.position;
        const repeats = axis === 0 ? x / size + this._seconds * u : z / size + this._seconds * v;
        return repeats - Math.floor(repeats);
    }
}

function placeInMap(ref: Vector4, map: HorizonMap, { x, z }: Vector3): void {
    if (map.isValid) {
        ref.set((x - map.originX) / map.size, (z - map.originZ) / map.size, 1 / map.size, 0);
    }
}

/** Creates a disc of rings that widen outwards, so that depth stays exact near the eye. */
function createDisc(scene: Scene): Mesh {
    const positions = [0, 0, 0];
    const indices: number[] = [];
    const rings = [4, 20, 100, 500, 2500, 10_000, RADIUS];
    rings.forEach((radius, ring) => {
        for (let i = 0; i < SECTORS; i++) {
            const angle = (i / SECTORS) * 2 * Math.PI;
            positions.push(Math.sin(angle) * radius, 0, Math.cos(angle) * radius);
            const next = (i + 1) % SECTORS;
            const outer = 1 + ring * SECTORS;
            if (ring === 0) {
                indices.push(0, outer + i, outer + next);
            } else {
                const inner = outer - SECTORS;
                indices.push(inner + i, outer + i, outer + next, inner + i, outer + next, inner + next);
            }
        }
    });
    const data = new VertexData();
    data.positions = positions;
    data.indices = indices;
    const mesh = new Mesh("sea", scene);
    data.applyToMesh(mesh);
    return mesh;
}
