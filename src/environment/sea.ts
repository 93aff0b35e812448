import { Constants } from "@babylonjs/core/Engines/constants.js";
import type { BaseTexture } from "@babylonjs/core/Materials/Textures/baseTexture.js";
import { Matrix, Vector4 } from "@babylonjs/core/Maths/math.vector.js";
import type { Mesh } from "@babylonjs/core/Meshes/mesh.js";
import { VertexData } from "@babylonjs/core/Meshes/mesh.vertexData.js";
import type { Scene } from "@babylonjs/core/scene.js";
import type { EnvironmentUniforms } from "./environmentUniforms.js";
import { eyeOf } from "./eye.js";
import type { HorizonMaps } from "./horizonMaps.js";
import { FOAM, GUSTS, seaShader, WAVES, type SeaDetail } from "./seaShader.js";
import { ShaderMesh } from "./shaderMesh.js";
import { pixelAngle } from "./sky.js";

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
    private readonly _drawn: ShaderMesh;

    public constructor(
        name: string,
        private readonly _scene: Scene,
        uniforms: EnvironmentUniforms,
        private readonly _noise: BaseTexture,
    ) {
        const onDraw = (): void => this._follow();
        const shape = discShape();
        this._drawn = new ShaderMesh({ name, scene: _scene, uniforms, shape, alphaIndex: ALPHA_INDEX, onDraw });
    }

    public get mesh(): Mesh {
        return this._drawn.mesh;
    }

    /** Makes the shader anew. */
    public setDetail(detail: SeaDetail, maps: HorizonMaps): void {
        this._maps = maps;
        this._drawn.setShader({
            source: seaShader(detail),
            alphaMode: Constants.ALPHA_PREMULTIPLIED,
            vectors: {
                airNear: this._near,
                airFar: this._far,
                seaWavesA: this._wavesA,
                seaWavesB: this._wavesB,
                seaFoam: this._foam,
                seaGusts: this._gusts,
                seaPlace: this._place,
            },
            textures: {
                seaNoise: this._noise,
                airHorizonNear: maps.near.texture,
                airHorizonFar: maps.far.texture,
            },
        });
    }

    public dispose(): void {
        this._drawn.dispose();
    }

    private _follow(): void {
        const scene = this._scene;
        const { x, y, z } = eyeOf(scene);
        scene.getViewMatrix().getRotationMatrixToRef(toScreen);
        toScreen.multiplyToRef(scene.getProjectionMatrix(), toScreen);
        this._drawn.setMatrix("seaToScreen", toScreen);
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

/** Returns a disc of radius 1. */
function discShape(): VertexData {
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
    const shape = new VertexData();
    shape.positions = positions;
    shape.indices = indices;
    return shape;
}
