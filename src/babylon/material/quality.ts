import type { AbstractEngine } from "@babylonjs/core/Engines/abstractEngine.js";
import { TerraneError } from "../../base/errors.js";

/** How much the look of the ground, the sky and the sea may cost: `docs/materials.md` has what each level leaves out. */
export type TerrainQuality = "low" | "medium" | "high";

export const QUALITIES: readonly TerrainQuality[] = ["low", "medium", "high"];

/** Throws a `TerraneError` where `value` is no level of quality. */
export function assertQuality(value: unknown, name: string): asserts value is TerrainQuality {
    if (!QUALITIES.includes(value as TerrainQuality)) {
        throw new TerraneError(name, value, '"low", "medium" or "high"', "Leave it out to go by the device.");
    }
}

/** What a level of quality means for the textures of the ground. */
export interface TextureQuality {
    /** Texels: side of a texture. */
    readonly size: number;
    readonly anisotropy: number;
}

export const TEXTURE_QUALITY: Readonly<Record<TerrainQuality, TextureQuality>> = {
    low: { size: 256, anisotropy: 2 },
    medium: { size: 512, anisotropy: 4 },
    high: { size: 512, anisotropy: 8 },
};

/** Returns the level that suits the device: `low` where a processor renders and on old phones, `medium` on other phones. */
export function chooseQuality(engine: AbstractEngine): TerrainQuality {
    if (isSoftwareRenderer(engine)) {
        return "low";
    }
    const { maxTextureSize } = engine.getCaps();
    if (maxTextureSize < 8192) {
        return "low";
    }
    return isPhone() ? "medium" : "high";
}

/** Returns whether a processor renders, which pays for each sample that a graphics card has for nothing. */
export function isSoftwareRenderer(engine: AbstractEngine): boolean {
    const info = (engine as { getInfo?(): { readonly renderer?: string } }).getInfo?.();
    return /swiftshader|llvmpipe|softpipe|basic render/i.test(info?.renderer ?? "");
}

function isPhone(): boolean {
    return typeof navigator !== "undefined" && /android|iphone|ipad|mobile/i.test(navigator.userAgent);
}
