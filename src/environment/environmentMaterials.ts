import { ImageProcessingConfiguration } from "@babylonjs/core/Materials/imageProcessingConfiguration.js";
import type { Material } from "@babylonjs/core/Materials/material.js";
import { setAmbientLight, type AmbientLight } from "../babylon/material/ambientLight.js";
import { AirPlugin, type Surroundings } from "./airPlugin.js";

/** A material whose colours Babylon processes at the end. */
interface ProcessedMaterial extends Material {
    imageProcessingConfiguration: ImageProcessingConfiguration;
}

/** What a material had before it came into an environment. */
interface Held {
    readonly processing: ImageProcessingConfiguration;
    readonly stopWatching: () => void;
}

/** The materials in an environment. */
export class EnvironmentMaterials {
    private readonly _held = new Map<Material, Held>();

    public constructor(
        private _surroundings: Surroundings,
        private readonly _ambient: AmbientLight,
    ) {}

    public has(material: Material): boolean {
        return this._held.has(material);
    }

    /** Brings a material in. Returns whether it can be. */
    public add(material: Material): boolean {
        if (!AirPlugin.IsSupported(material)) {
            return false;
        }
        if (this._held.has(material)) {
            return true;
        }
        const { parts } = this._surroundings;
        const processed = material as ProcessedMaterial;
        const processing = processed.imageProcessingConfiguration;
        AirPlugin.GetOrCreate(material).surroundings = this._surroundings;
        if (parts.tone) {
            // The tone curve is part of the shaders; what is left to Babylon is gamma.
            processed.imageProcessingConfiguration = plainProcessing(processing.applyByPostProcess);
        }
        if (parts.ambient) {
            setAmbientLight(material, this._ambient);
        }
        const observer = material.onDisposeObservable.addOnce(() => void this._held.delete(material));
        this._held.set(material, { processing, stopWatching: () => observer?.remove() });
        return true;
    }

    /** Takes a material out, which is as it was before. */
    public remove(material: Material): void {
        const held = this._held.get(material);
        if (held === undefined) {
            return;
        }
        this._held.delete(material);
        held.stopWatching();
        if (this._surroundings.parts.tone) {
            (material as ProcessedMaterial).imageProcessingConfiguration = held.processing;
        }
        if (this._surroundings.parts.ambient) {
            setAmbientLight(material, null);
        }
        AirPlugin.GetOrCreate(material).surroundings = null;
    }

    /** Puts all materials into other surroundings with the same parts. */
    public set surroundings(surroundings: Surroundings) {
        this._surroundings = surroundings;
        for (const material of this._held.keys()) {
            AirPlugin.GetOrCreate(material).surroundings = surroundings;
        }
    }

    public dispose(): void {
        for (const material of [...this._held.keys()]) {
            this.remove(material);
        }
    }
}

function plainProcessing(applyByPostProcess: boolean): ImageProcessingConfiguration {
    const processing = new ImageProcessingConfiguration();
    processing.toneMappingEnabled = false;
    processing.applyByPostProcess = applyByPostProcess;
    return processing;
}
