import type { ShaderMaterial } from "@babylonjs/core/Materials/shaderMaterial.js";
import type { BaseTexture } from "@babylonjs/core/Materials/Textures/baseTexture.js";
import type { Matrix, Vector4 } from "@babylonjs/core/Maths/math.vector.js";
import { Mesh } from "@babylonjs/core/Meshes/mesh.js";
import type { VertexData } from "@babylonjs/core/Meshes/mesh.vertexData.js";
import type { Scene } from "@babylonjs/core/scene.js";
import type { EnvironmentUniforms } from "./environmentUniforms.js";
import { createShaderMaterial, type ShaderSource } from "./shaderSource.js";
import { SKY_UNIFORMS } from "./skyShader.js";

/** What a mesh is drawn by. */
export interface MeshShader {
    readonly source: ShaderSource;
    /** One of Babylon's `ALPHA_` constants. */
    readonly alphaMode: number;
    /** By the names of uniforms, beside those that all of the environment has. They may change in place. */
    readonly vectors: Readonly<Record<string, Vector4>>;
    /** By the names of samplers. */
    readonly textures: Readonly<Record<string, BaseTexture>>;
}

/** What `ShaderMesh` is made of. */
export interface ShaderMeshOptions {
    readonly name: string;
    readonly scene: Scene;
    readonly uniforms: EnvironmentUniforms;
    readonly shape: VertexData;
    /** Its place in the order of what is translucent: the lowest is drawn first. */
    readonly alphaIndex: number;
    /** Called each time before it is drawn. */
    readonly onDraw: () => void;
}

/** A mesh with a shader of the environment's that is drawn wherever the camera looks, with what is translucent. */
export class ShaderMesh {
    public readonly mesh: Mesh;
    private _material: ShaderMaterial | null = null;

    public constructor(private readonly _options: ShaderMeshOptions) {
        const { name, scene, shape, alphaIndex, onDraw } = _options;
        this.mesh = new Mesh(name, scene);
        shape.applyToMesh(this.mesh);
        this.mesh.alwaysSelectAsActiveMesh = true;
        this.mesh.isPickable = false;
        this.mesh.doNotSerialize = true;
        this.mesh.applyFog = false;
        this.mesh.alphaIndex = alphaIndex;
        this.mesh.onBeforeRenderObservable.add(onDraw);
    }

    /** Has it drawn by another shader, in place of the one before. */
    public setShader({ source, alphaMode, vectors, textures }: MeshShader): void {
        const { name, scene, uniforms } = this._options;
        const material = createShaderMaterial(name, scene, source);
        material.alphaMode = alphaMode;
        material.disableDepthWrite = true;
        for (const uniform of SKY_UNIFORMS) {
            material.setVector4(uniform, uniforms[uniform]);
        }
        for (const [uniform, vector] of Object.entries(vectors)) {
            material.setVector4(uniform, vector);
        }
        for (const [sampler, texture] of Object.entries(textures)) {
            material.setTexture(sampler, texture);
        }
        this._material?.dispose();
        this._material = material;
        this.mesh.material = material;
    }

    public setMatrix(uniform: string, matrix: Matrix): void {
        this._material?.setMatrix(uniform, matrix);
    }

    public dispose(): void {
        this.mesh.dispose();
        this._material?.dispose();
    }
}
