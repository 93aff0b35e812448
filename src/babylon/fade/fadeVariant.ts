import type { DrawWrapper } from "@babylonjs/core/Materials/drawWrapper.js";
import type { Effect } from "@babylonjs/core/Materials/effect.js";
import type { Material } from "@babylonjs/core/Materials/material.js";
import type { Mesh } from "@babylonjs/core/Meshes/mesh.js";
import type { SubMesh } from "@babylonjs/core/Meshes/subMesh.js";
import type { Scene } from "@babylonjs/core/scene.js";
import { enableLevelFades, type FadingMesh } from "./levelFadePlugin.js";

/** A mesh that can be drawn by either variant. */
export interface VariantMesh extends Mesh, FadingMesh {
    /** Only `FadeVariant` sets it. */
    usesFadeVariant: boolean;
    /** The plain effect for which it was prepared last. Only `FadeVariant` sets it. */
    preparedEffect: Effect | null;
}

/** Effects that are remembered: of several passes, each with several sets of lights. */
const MOST_EFFECTS = 256;

/**
 * The variant of a material that fades, beside the one that draws all that does not. Each mesh keeps what it draws by, a
 * draw wrapper, for both in each of its render passes, so that nothing is made anew to change from one to the other. The variant is
 * compiled as soon as the plain one is, and nothing fades before.
 */
export class FadeVariant {
    /** By render pass: another, that nobody renders, under which a mesh keeps its second wrapper. */
    private readonly _passes = new Map<number, number>();
    /** Plain effects whose variant is compiled. */
    private readonly _effectsWithVariant = new Set<Effect>();
    private _material: Material | null = null;
    private _canFade = false;
    /** The last frame in which a mesh was drawn by an effect whose variant was not compiled. */
    private _lastUnpreparedFrame = -1;
    /** The last frame in which a mesh was prepared. */
    private _preparedFrame = -1;

    public constructor(private readonly _scene: Scene) {}

    /** Whether chunks can fade: the material lets them, and the variant is compiled for all passes of the last frame. */
    public get isReady(): boolean {
        return (
            this._canFade &&
            this._effectsWithVariant.size > 0 &&
            this._scene.getFrameId() > this._lastUnpreparedFrame + 1
        );
    }

    /** Prepares a material to fade what it draws. */
    public attachTo(material: Material | null): void {
        if (material !== null && material !== this._material) {
            this._material = material;
            this._effectsWithVariant.clear();
        }
        this._canFade = material !== null && enableLevelFades(material);
    }

    /**
     * Makes a mesh draw by the variant until `end`. Returns false where it is to be drawn by the plain one: by another
     * material than its own, or because the variant is not compiled.
     */
    public begin(mesh: VariantMesh, subMesh: SubMesh): boolean {
        const wrapper = this._wrapperOf(mesh, subMesh);
        // The plain one first: it is drawn by that in the end, and a `ShadowDepthWrapper` looks for it.
        if (wrapper === null || (subMesh.effect === null && !mesh.material!.isReadyForSubMesh(mesh, subMesh, false))) {
            return false;
        }
        subMesh._setMainDrawWrapperOverride(wrapper);
        mesh.usesFadeVariant = true;
        if (mesh.material!.isReadyForSubMesh(mesh, subMesh, false)) {
            return true;
        }
        this.end(mesh, subMesh);
        return false;
    }

    public end(mesh: VariantMesh, subMesh: SubMesh): void {
        subMesh._setMainDrawWrapperOverride(null);
        mesh.usesFadeVariant = false;
    }

    /**
     * Prepares the variant of what a mesh has just been drawn by: compiles it where no other mesh has it, and gives the mesh
     * its wrapper, which takes as long as a new mesh does. One a frame.
     */
    public prepare(mesh: VariantMesh, subMesh: SubMesh): void {
        const { effect } = subMesh;
        // Nearly always.
        if (effect === mesh.preparedEffect || !this._canFade || effect === null || this._isOtherMaterial(mesh)) {
            return;
        }
        const frameId = this._scene.getFrameId();
        const hasVariant = this._effectsWithVariant.has(effect);
        if (!hasVariant) {
            this._lastUnpreparedFrame = frameId;
        }
        if (hasVariant && this._hasWrapper(subMesh)) {
            mesh.preparedEffect = effect;
            return;
        }
        if (this._preparedFrame === frameId) {
            return;
        }
        this._preparedFrame = frameId;
        if (this.begin(mesh, subMesh)) {
            this.end(mesh, subMesh);
            if (this._effectsWithVariant.size >= MOST_EFFECTS) {
                this._effectsWithVariant.clear();
            }
            this._effectsWithVariant.add(effect);
        }
    }

    public dispose(): void {
        for (const pass of this._passes.values()) {
            this._scene.getEngine().releaseRenderPassId(pass);
        }
        this._passes.clear();
        this._effectsWithVariant.clear();
        this._canFade = false;
    }

    /** Whether a mesh can be drawn by the variant without anything made anew. */
    private _hasWrapper(subMesh: SubMesh): boolean {
        const variantPass = this._passes.get(this._scene.getEngine().currentRenderPassId);
        return variantPass !== undefined && (subMesh._getDrawWrapper(variantPass)?.effect ?? null) !== null;
    }

    /** Whether the present pass draws a mesh by another material than its own. */
    private _isOtherMaterial(mesh: VariantMesh): boolean {
        const { currentRenderPassId } = this._scene.getEngine();
        return mesh.material === null || mesh.getMaterialForRenderPass(currentRenderPassId) !== undefined;
    }

    private _wrapperOf(mesh: VariantMesh, subMesh: SubMesh): DrawWrapper | null {
        if (!this._canFade || this._isOtherMaterial(mesh)) {
            return null;
        }
        const engine = this._scene.getEngine();
        let variantPass = this._passes.get(engine.currentRenderPassId);
        if (variantPass === undefined) {
            this._releasePasses(engine.getRenderPassNames());
            variantPass = engine.createRenderPassId("Terrane level fade");
            this._passes.set(engine.currentRenderPassId, variantPass);
        }
        return subMesh._getDrawWrapper(variantPass, true)!;
    }

    /** Lets go of what belongs to passes that are gone, with their cameras or render targets. */
    private _releasePasses(names: readonly (string | undefined)[]): void {
        for (const [pass, variantPass] of this._passes) {
            if (names[pass] === undefined) {
                this._scene.getEngine().releaseRenderPassId(variantPass);
                this._passes.delete(pass);
            }
        }
    }
}
