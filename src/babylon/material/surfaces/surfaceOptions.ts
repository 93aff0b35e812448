import type { BaseTexture } from "@babylonjs/core/Materials/Textures/baseTexture.js";
import type { SurfaceRule } from "../../../recipe/surfaceRule.js";
import type { Picture } from "../../../textures/picture.js";

/**
 * A picture: its address, a texture of Babylon's, or its texels. Square, of at most 4,096 texels a side (what comes from an
 * address is shrunk to the ground's size), 8 bits a channel. Its upper edge lies to the north (+z).
 */
export type SurfacePicture = string | BaseTexture | Picture;

/** Pictures of a kind of ground, as PBR texture sets have them. All cover the same square, whatever their sizes. */
export interface SurfaceTextures {
    /** Colour, sRGB. Required. */
    readonly albedo: SurfacePicture;
    /** Normals in tangent space, green up as OpenGL has them. Default: those of the heights. */
    readonly normal?: SurfacePicture;
    /** Heights, black to white: what stands out where two surfaces meet, and what lies in a hollow. Default: level. */
    readonly height?: SurfacePicture;
    /**
     * Roughness, black to white, in the green channel as in glTF's. Its least takes the place of `roughness`. Default:
     * even.
     */
    readonly roughness?: SurfacePicture;
}

/** A kind of ground: what it looks like, and where it lies. */
export interface SurfaceOptions {
    /** Pictures that it is drawn with. Default: a default surface's own; others must have some. */
    readonly textures?: SurfaceTextures;
    /**
     * Metres: side of the square that the pictures cover, 0.125 to 512. Rounded to a power of two. Default: 2, or a
     * default surface's own.
     */
    readonly tileSize?: number;
    /** Metres: from black to white of the heights, 0 to 10. Default: a twentieth of `tileSize`. */
    readonly heightScale?: number;
    /** Whether green points down in the normals, as DirectX has it. Default: false. */
    readonly flipNormals?: boolean;
    /**
     * Mean colour until the pictures are there: linear red, green and blue, 0 to 1. Default: grey, or a default
     * surface's own.
     */
    readonly color?: readonly [red: number, green: number, blue: number];
    /** How rough it is, 0.1 to 1. Default: 0.8, or a default surface's own. */
    readonly roughness?: number;
    /** How much its normals bend light, 0 to 1. Default: 1, or a default surface's own. */
    readonly relief?: number;
    /**
     * Share that is alive: it ripens by place, and lets light through, 0 to 1. Default: 0, or a default surface's own.
     */
    readonly leaf?: number;
    /**
     * What it looks like over tens of metres. One of `"meadow"`, `"shrubs"`, `"rockFace"` and `"loose"`. Default:
     * `"loose"`, or a default surface's own.
     */
    readonly macro?: "meadow" | "shrubs" | "rockFace" | "loose";
    /** How much `macro` colours it, 0 to 1. Default: 0.5, or a default surface's own. */
    readonly macroColor?: number;
    /** How much `macro` bends light, 0 to 1. Default: 0.5, or a default surface's own. */
    readonly macroRelief?: number;
    /**
     * Whether it is seen from three sides, for what stands steep: up to three times the fetches. Default: false, or a
     * default surface's own.
     */
    readonly triplanar?: boolean;
    /** Where it lies. Default: where a default surface lies, or where the recipe's `materials.biomes` say. */
    readonly rule?: SurfaceRule;
}

/** Kinds of ground by name: default ones to change, and up to eight others. */
export type SurfacesOptions = Readonly<Record<string, SurfaceOptions>>;
