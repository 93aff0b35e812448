import { Constants } from "@babylonjs/core/Engines/constants.js";
import type { ShaderMaterial } from "@babylonjs/core/Materials/shaderMaterial.js";
import type { BaseTexture } from "@babylonjs/core/Materials/Textures/baseTexture.js";
import { Matrix, Vector4 } from "@babylonjs/core/Maths/math.vector.js";
import { Mesh } from "@babylonjs/core/Meshes/mesh.js";
import { VertexData } from "@babylonjs/core/Meshes/mesh.vertexData.js";
import type { Scene } from "@babylonjs/core/scene.js";
import type { EnvironmentUniforms } from "./environmentUniforms.js";
import { eyeOf } from "./eye.js";
import type { HorizonMaps } from "./horizonMaps.js";
import { FOAM, GUSTS, seaShader, WAVES, type SeaDetail } from "./seaShader.js";
import { createShaderMaterial } from "./shaderSource.js";
import { pixelAngle } from "./sky.js";
import { SKY_UNIFORMS } from "./skyShader.js";

/** After the sky, before all else that is translucent. */
const ALPHA_INDEX = -1e9;
const SECTORS = 48;
/** Shares of the sea's radius: they widen outwards, so that depth is exact near the eye. */
const RINGS = [0.0001, 0.0005, 0.0025, 0.0125, 0.0625, 0.25, 1] as const;
/** How far the sea reaches beyond the view distance, where air hides that it ends. */
const REACH = 3;
/** Radians a second: how fast lines of surf run. */
const SURF = 0.8;

/** Scratch. */
const toScreen = new Matrix();

/** Draws water to the horizon at one level: a disc that stays under the camera, with waves that stay where they are. */
export class Sea {
    public readonly mesh: Mesh;
    /** Metres: height of the water. */
    public level = 0;
    /** Metres: how far land is shown. */
    public viewDistance = 10_000;
    /** Moves the waves. */
    public seconds = 0;
    private readonly _wavesA = new Vector4();
    private readonly _wavesB = new Vector4();
    private readonly _foam = new Vector4();
    private readonly _gusts = new Vector4();
    private readonly _place = new Vector4();
    private readonly _near = new Vector4();
    private readonly _far = new Vector4();
    private _maps: HorizonMaps | null = null;
    private _material: ShaderMaterial | null = null;

    public constructor(
        private readonly _name: string,
        private readonly _scene: Scene,
        private readonly _uniforms: EnvironmentUniforms,
        private readonly _noise: BaseTexture,
    ) {
        this.mesh = createDisc(_name, _scene);
        this.mesh.alwaysSelectAsActiveMesh = true;
        this.mesh.isPickable = false;
        this.mesh.doNotSerialize = true;
        this.mesh.applyFog = false;
        this.mesh.alphaIndex = ALPHA_INDEX;
        this.mesh.onBeforeRenderObservable.add(() => this._follow());
    }

    /** Makes the shader anew. */
    public setDetail(detail: SeaDetail, maps: HorizonMaps): void {
        const material = createShaderMaterial(this._name, this._scene, seaShader(detail));
        material.alphaMode = Constants.ALPHA_PREMULTIPLIED;
        material.disableDepthWrite = true;
        for (const name of SKY_UNIFORMS) {
            material.setVector4(name, this._uniforms[name]);
        }
        material.setTexture("seaNoise", this._noise);
        material.setTexture("airHorizonNear", maps.near.texture);
        material.setTexture("airHorizonFar", maps.far.texture);
        material.setVector4("airNear", this._near);
        material.setVector4("airFar", this._far);
        material.setVector4("seaWavesA", this._wavesA);
        material.setVector4("seaWavesB", this._wavesB);
        material.setVector4("seaFoam", this._foam);
        material.setVector4("seaGusts", this._gusts);
        material.setVector4("seaPlace", this._place);
        this._maps = maps;
        this._material?.dispose();
        this._material = material;
        this.mesh.material = material;
    }

    public dispose(): void {
        this.mesh.dispose();
        this._material?.dispose();
    }

    private _follow(): void {
        const scene = this._scene;
        const { x, y, z } = eyeOf(scene);
        scene.getViewMatrix().getRotationMatrixToRef(toScreen);
        toScreen.multiplyToRef(scene.getProjectionMatrix(), toScreen);
        this._material?.setMatrix("seaToScreen", toScreen);
        const farthest = scene.activeCamera?.maxZ || Number.POSITIVE_INFINITY;
        const radius = Math.min(this.viewDistance * REACH, farthest * 0.99);
        const pixel = pixelAngle(scene.activeCamera, scene.getEngine().getRenderHeight());
        const turn = (this.seconds * SURF) % (2 * Math.PI);
        this._place.set(y - this.level, pixel, radius, turn);
        const [swell, waves, chop, ripples] = WAVES;
        this._moveToRef(x, z, swell, waves, this._wavesA);
        // Mirrored, as the shader has them, so that not all layers run alike.
        this._moveToRef(z, x, chop, ripples, this._wavesB);
        this._moveToRef(x, z, FOAM[0], FOAM[1], this._foam);
        this._moveToRef(z, x, GUSTS, GUSTS, this._gusts);
        this._maps?.near.placeToRef(x, z, this._near);
        this._maps?.far.placeToRef(x, z, this._far);
    }

    /** Writes where the eye is in two layers of waves, below one repeat: exact however far from the origin. */
    private _moveToRef(x: number, z: number, first: WaveLayer, second: WaveLayer, ref: Vector4): void {
        const { seconds } = this;
        ref.set(
            fraction(x / first.size + seconds * first.u),
            fraction(z / first.size + seconds * first.v),
            fraction(x / second.size + seconds * second.u),
            fraction(z / second.size + seconds * second.v),
        );
    }
}

interface WaveLayer {
    readonly size: number;
    readonly u: number;
    readonly v: number;
}

function fraction(value: number): number {
    return value - Math.floor(value);
}

/** Creates a disc of radius 1. */
function createDisc(name: string, scene: Scene): Mesh {
    const positions = [0, 0, 0];
    const indices: number[] = [];
    RINGS.forEach((radius, ring) => {
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
    const mesh = new Mesh(name, scene);
    data.applyToMesh(mesh);
    return mesh;
}
