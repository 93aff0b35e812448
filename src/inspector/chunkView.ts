import type { AbstractEngine } from "@babylonjs/core/Engines/abstractEngine.js";
import type { Material } from "@babylonjs/core/Materials/material.js";
import type { MaterialDefines } from "@babylonjs/core/Materials/materialDefines.js";
import { MaterialPluginBase } from "@babylonjs/core/Materials/materialPluginBase.js";
import { PBRBaseMaterial } from "@babylonjs/core/Materials/PBR/pbrBaseMaterial.js";
import { ShaderLanguage } from "@babylonjs/core/Materials/shaderLanguage.js";
import { StandardMaterial } from "@babylonjs/core/Materials/standardMaterial.js";
import type { UniformBuffer } from "@babylonjs/core/Materials/uniformBuffer.js";
import { Color3 } from "@babylonjs/core/Maths/math.color.js";
import type { SubMesh } from "@babylonjs/core/Meshes/subMesh.js";
import type { Scene } from "@babylonjs/core/scene.js";
import { sideAt } from "../space/topology.js";
import type { InspectedWorld } from "./inspectedWorld.js";
import { LEVEL_COLORS } from "./levelColors.js";

const TINTS = LEVEL_COLORS.map((color) => Color3.FromHexString(color).toLinearSpace());

/** How the ground is shown: tinted by level, with lines where chunks meet. */
export interface ChunkView {
    showsLevels: boolean;
    showsBorders: boolean;
}

const PLUGIN = "TerraneChunkView";

/**
 * Shows levels and borders on the world's material, where it is a PBR or a standard one; on others the switches stay
 * off. Nothing is added to a material before a switch is on for the first time. The material keeps what is on: panes
 * come and go.
 */
export class WorldChunkView implements ChunkView {
    public constructor(private readonly _world: InspectedWorld) {}

    public get showsLevels(): boolean {
        return this._plugin?.showsLevels ?? false;
    }

    public set showsLevels(value: boolean) {
        this._show(value, this.showsBorders);
    }

    public get showsBorders(): boolean {
        return this._plugin?.showsBorders ?? false;
    }

    public set showsBorders(value: boolean) {
        this._show(this.showsLevels, value);
    }

    /** Shows the ground without tint and lines. */
    public hide(): void {
        this._plugin?.show(false, false);
    }

    private get _plugin(): ChunkViewPlugin | null {
        return (this._world.material?.pluginManager?.getPlugin(PLUGIN) as ChunkViewPlugin | null | undefined) ?? null;
    }

    private _show(levels: boolean, borders: boolean): void {
        const { material } = this._world;
        if (material instanceof PBRBaseMaterial || material instanceof StandardMaterial) {
            (this._plugin ?? new ChunkViewPlugin(material, this._world)).show(levels, borders);
        }
    }
}

/** Mixes a level's colour, and lines along chunk borders, into what the material has drawn. */
class ChunkViewPlugin extends MaterialPluginBase {
    public showsLevels = false;
    public showsBorders = false;

    public constructor(
        material: Material,
        private readonly _world: InspectedWorld,
    ) {
        super(material, PLUGIN, 900, { TERRANE_CHUNK_VIEW: false });
        this.doNotSerialize = true;
        // The tint differs from mesh to mesh, which is more often than a material is bound.
        this.registerForExtraEvents = true;
        this._enable(true);
    }

    public show(levels: boolean, borders: boolean): void {
        this.showsLevels = levels;
        this.showsBorders = borders;
        this.markAllDefinesAsDirty();
    }

    public override getClassName(): string {
        return "TerraneChunkViewPlugin";
    }

    public override isCompatible(shaderLanguage: ShaderLanguage): boolean {
        return shaderLanguage === ShaderLanguage.GLSL || shaderLanguage === ShaderLanguage.WGSL;
    }

    public override prepareDefines(defines: MaterialDefines): void {
        defines["TERRANE_CHUNK_VIEW"] = this.showsLevels || this.showsBorders;
    }

    public override getUniforms(): ReturnType<MaterialPluginBase["getUniforms"]> {
        const declaration = "uniform vec4 terraneChunkTint;\nuniform vec4 terraneChunkSide;\n";
        return {
            ubo: [
                { name: "terraneChunkTint", size: 4, type: "vec4" },
                { name: "terraneChunkSide", size: 4, type: "vec4" },
            ],
            vertex: declaration,
            fragment: declaration,
        };
    }

    public override hardBindForSubMesh(
        uniforms: UniformBuffer,
        _scene: Scene,
        _engine: AbstractEngine,
        subMesh: SubMesh,
    ): void {
        const mesh = subMesh.getMesh();
        const level = this._world.levelOf(mesh);
        const tint = TINTS[Math.min(level, TINTS.length - 1)];
        const share = this.showsLevels && level >= 0 ? 0.6 : 0;
        uniforms.updateFloat4("terraneChunkTint", tint?.r ?? 0, tint?.g ?? 0, tint?.b ?? 0, share);
        // In the mesh's own units: the corner of a chunk and of merged siblings alike is a corner of chunks.
        const side = level >= 0 ? sideAt(this._world.recipe.chunkSize, level) / mesh.scaling.x : 1;
        uniforms.updateFloat4("terraneChunkSide", side, this.showsBorders && level >= 0 ? 1 : 0, 0, 0);
        uniforms.update();
    }

    public override getCustomCode(shaderType: string, shaderLanguage = ShaderLanguage.GLSL): Record<string, string> {
        const isStandard = this._material instanceof StandardMaterial;
        const isWgsl = shaderLanguage === ShaderLanguage.WGSL;
        if (shaderType === "vertex") {
            return {
                CUSTOM_VERTEX_DEFINITIONS: isWgsl ? WGSL_DEFINITIONS : GLSL_DEFINITIONS,
                CUSTOM_VERTEX_MAIN_END: isWgsl ? WGSL_VERTEX : GLSL_VERTEX,
            };
        }
        const color = isStandard ? "color" : "finalColor";
        return {
            CUSTOM_FRAGMENT_DEFINITIONS: isWgsl ? WGSL_DEFINITIONS : GLSL_DEFINITIONS,
            CUSTOM_FRAGMENT_BEFORE_FRAGCOLOR: (isWgsl ? WGSL_FRAGMENT : GLSL_FRAGMENT).replaceAll("COLOR", color),
        };
    }
}

const GLSL_DEFINITIONS = `
#ifdef TERRANE_CHUNK_VIEW
varying vec2 vTerraneCell;
#endif
`;

const GLSL_VERTEX = `
#ifdef TERRANE_CHUNK_VIEW
vTerraneCell = positionUpdated.xz / terraneChunkSide.x;
#endif
`;

// The tint keeps the light and shade of what was drawn. A line is as wide on the screen wherever it lies.
const GLSL_FRAGMENT = `
#ifdef TERRANE_CHUNK_VIEW
float terraneShade = dot(COLOR.rgb, vec3(0.3, 0.6, 0.1));
COLOR.rgb = mix(COLOR.rgb, terraneChunkTint.rgb * (0.15 + 1.6 * terraneShade), terraneChunkTint.w);
vec2 terranePixels = abs(fract(vTerraneCell + 0.5) - 0.5) / max(fwidth(vTerraneCell), vec2(1e-6));
float terraneLine = 1.0 - smoothstep(0.6, 1.6, min(terranePixels.x, terranePixels.y));
COLOR.rgb = mix(COLOR.rgb, vec3(1.0), 0.85 * terraneLine * terraneChunkSide.y);
#endif
`;

const WGSL_DEFINITIONS = `
#ifdef TERRANE_CHUNK_VIEW
varying vTerraneCell: vec2f;
#endif
`;

const WGSL_VERTEX = `
#ifdef TERRANE_CHUNK_VIEW
vertexOutputs.vTerraneCell = positionUpdated.xz / uniforms.terraneChunkSide.x;
#endif
`;

const WGSL_FRAGMENT = `
#ifdef TERRANE_CHUNK_VIEW
let terraneShade = dot(COLOR.rgb, vec3f(0.3, 0.6, 0.1));
let terraneTinted = mix(COLOR.rgb, uniforms.terraneChunkTint.rgb * (0.15 + 1.6 * terraneShade), uniforms.terraneChunkTint.w);
let terranePixels = abs(fract(fragmentInputs.vTerraneCell + 0.5) - 0.5) / max(fwidth(fragmentInputs.vTerraneCell), vec2f(1e-6));
let terraneLine = 1.0 - smoothstep(0.6, 1.6, min(terranePixels.x, terranePixels.y));
COLOR = vec4f(mix(terraneTinted, vec3f(1.0), 0.85 * terraneLine * uniforms.terraneChunkSide.y), COLOR.a);
#endif
`;
