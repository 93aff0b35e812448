import type { Material } from "@babylonjs/core/Materials/material.js";
import type { BaseTexture } from "@babylonjs/core/Materials/Textures/baseTexture.js";
import type { Observer } from "@babylonjs/core/Misc/observable.js";

/** The material of a world's chunks: Terrane's own, or one that the host has set and still owns. */
export class WorldMaterial {
    private _own: Material | null = null;
    private _current: Material | null = null;
    private readonly _observers: (Observer<Material> | Observer<BaseTexture>)[] = [];
    private _isLost = false;

    public constructor(
        private readonly _createOwn: () => Material,
        /** undefined for Terrane's own, null for the scene's default. */
        given: Material | null | undefined,
    ) {
        if (given === undefined) {
            this._own = this._createOwn();
        }
        this._use(given === undefined ? this._own : given);
    }

    /** Whether Terrane's own is in use. */
    public get isOwn(): boolean {
        return this._own !== null;
    }

    /** The material in use; null for the scene's default. Setting another disposes Terrane's own. */
    public get current(): Material | null {
        return this._current;
    }

    public set current(material: Material | null) {
        this._use(material);
        if (this._own !== null && this._own !== material) {
            this._own.dispose();
            this._own = null;
        }
    }

    /**
     * Replaces a material that somebody else has disposed since the last call: Terrane's own, also where one of its textures is
     * gone, by a new one; the host's by none, as Babylon does with all meshes.
     *
     * @returns whether there was one to replace
     */
    public replaceLost(): boolean {
        if (!this._isLost) {
            return false;
        }
        const own = this._own;
        this._own = own === null ? null : this._createOwn();
        this._use(this._own);
        own?.dispose();
        return true;
    }

    /** Makes Terrane's own material anew, for another recipe. Returns whether it is in use. */
    public renew(): boolean {
        const own = this._own;
        if (own === null) {
            return false;
        }
        this._own = this._createOwn();
        this._use(this._own);
        own.dispose();
        return true;
    }

    public dispose(): void {
        this.current = null;
    }

    private _use(material: Material | null): void {
        for (const observer of this._observers.splice(0)) {
            observer.remove();
        }
        this._isLost = false;
        this._current = material;
        if (material === null) {
            return;
        }
        const lose = (): void => void (this._isLost = true);
        this._observers.push(material.onDisposeObservable.addOnce(lose)!);
        for (const texture of material === this._own ? material.getActiveTextures() : []) {
            this._observers.push(texture.onDisposeObservable.addOnce(() => this._textureGone(material, texture))!);
        }
    }

    /** One that the material has given up for another is no loss. */
    private _textureGone(material: Material, texture: BaseTexture): void {
        if (material.getActiveTextures().includes(texture)) {
            this._isLost = true;
        } else if (!this._isLost) {
            this._use(material);
        }
    }
}
