import { MaterialPluginBase } from "@babylonjs/core/Materials/materialPluginBase.js";
import { StandardMaterial } from "@babylonjs/core/Materials/standardMaterial.js";
import type { Scene } from "@babylonjs/core/scene.js";

/** Colours each triangle by where it faces: one sees in a picture what went wrong, and no colour is near the background's. */
class FacetColours extends MaterialPluginBase {
    public constructor(material: StandardMaterial) {
        super(material, "FacetColours", 300);
        this._enable(true);
    }

    public override getClassName(): string {
        return "FacetColours";
    }

    public override getCustomCode(shaderType: string): Record<string, string> | null {
        return shaderType === "fragment"
            ? {
                  CUSTOM_FRAGMENT_BEFORE_FRAGCOLOR: `
                      vec3 facet = normalize(cross(dFdy(vPositionW), dFdx(vPositionW)));
                      color = vec4(0.5 + 0.35 * facet, 1.0);
                  `,
              }
            : null;
    }
}

/** Creates a material without light or texture. */
export function createUnlitMaterial(scene: Scene): StandardMaterial {
    const material = new StandardMaterial("unlit", scene);
    material.disableLighting = true;
    material.emissiveColor.set(1, 1, 1);
    material.fogEnabled = false;
    new FacetColours(material);
    return material;
}
