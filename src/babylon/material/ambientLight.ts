import type { Material } from "@babylonjs/core/Materials/material.js";
import type { Color3 } from "@babylonjs/core/Maths/math.color.js";

/** Light on the ground that does not come straight from a lamp or the sun, by where it comes from. Linear colours. */
export interface AmbientLight {
    /** From straight above. */
    readonly zenith: Color3;
    /** From the horizon below the sun. */
    readonly towardsSun: Color3;
    /** From the horizon on the other side. */
    readonly awayFromSun: Color3;
    /** From below: what lit ground sends back. */
    readonly ground: Color3;
}

/** A part of a material that takes ambient light. */
export interface AmbientReceiver {
    ambient: AmbientLight | null;
}

/** The name of the plugin that takes ambient light. */
export const AMBIENT_PLUGIN = "TerraneTerrain";

/**
 * Sets the ambient light of a material made by `createTerrainMaterial`; others are left alone.
 *
 * @param light read in every frame: change its colours, and the ground follows. null: the plugin finds out itself
 */
export function setAmbientLight(material: Material, light: AmbientLight | null): void {
    const plugin = material.pluginManager?.getPlugin(AMBIENT_PLUGIN) as (AmbientReceiver & object) | null | undefined;
    if (plugin !== null && plugin !== undefined) {
        plugin.ambient = light;
    }
}
