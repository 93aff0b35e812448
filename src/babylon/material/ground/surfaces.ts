import { TextureLayer } from "../../../textures/textureLayers.js";

/** A kind of ground: what it is drawn with. Where it lies is `placingGlsl.ts`'s. */
export interface Surface {
    readonly name: string;
    /** Drawn near by, from above; of rock: where it lies flat. */
    readonly detail: number;
    /** Of rock: drawn near by where it stands. */
    readonly side?: number;
    /** Drawn over metres, from above. */
    readonly macro: number;
    /** Of rock: drawn over metres where it stands. */
    readonly macroSide?: number;
    /** Metres that one copy of the macro pictures covers. Default: the layers' own. */
    readonly macroTile?: number;
    /** 0 to 1: how much the macro picture colours the detail. */
    readonly macroColor: number;
    /** 0 to 1: how much the macro picture bends the normal. */
    readonly macroRelief: number;
    /** 0 to 1: how much the detail bends the normal. */
    readonly relief: number;
    /** 0 to 1. */
    readonly roughness: number;
    /** 0 to 1: share that is alive, which ripens, and lets light through. */
    readonly leaf: number;
    /** Whether it is drawn with pictures of somebody's own, whose colours nothing tints. Default: false */
    readonly isOwn?: boolean;
}

const { sand, lushGrass, dryGrass, forestFloor, rockTop, cliff, scree, snow } = TextureLayer;
const { caveWall, caveFloor, meadow, shrubs, rockFace, loose } = TextureLayer;

/** The surfaces of the default look, by the numbers that the shader knows them by. */
export const Surface = {
    sand: 0,
    lushGrass: 1,
    dryGrass: 2,
    forest: 3,
    scree: 4,
    snow: 5,
    rock: 6,
    caveWall: 7,
    caveFloor: 8,
} as const;

const flat = { macro: loose, macroColor: 0.8, macroRelief: 0.8, relief: 1, roughness: 0.8, leaf: 0 };

export const SURFACES: readonly Surface[] = [
    { ...flat, name: "sand", detail: sand, macroColor: 0.45, macroRelief: 0.25, relief: 0.8, roughness: 0.85 },
    {
        ...flat,
        name: "lushGrass",
        detail: lushGrass,
        macro: meadow,
        macroColor: 0.85,
        macroRelief: 0.75,
        relief: 0.75,
        leaf: 1,
    },
    {
        ...flat,
        name: "dryGrass",
        detail: dryGrass,
        macro: meadow,
        macroColor: 0.85,
        macroRelief: 0.65,
        roughness: 0.85,
        leaf: 0.85,
    },
    {
        ...flat,
        name: "forest",
        detail: forestFloor,
        macro: shrubs,
        macroColor: 0.95,
        macroRelief: 1,
        roughness: 0.85,
        leaf: 0.6,
    },
    { ...flat, name: "scree", detail: scree },
    { ...flat, name: "snow", detail: snow, macroColor: 0.1, macroRelief: 0.45, roughness: 0.6 },
    { ...flat, name: "rock", detail: rockTop, side: cliff, macroSide: rockFace, macroRelief: 0.85, roughness: 0.78 },
    {
        ...flat,
        name: "caveWall",
        detail: caveWall,
        side: caveWall,
        macro: caveWall,
        macroSide: caveWall,
        macroTile: 16,
        relief: 0.55,
        roughness: 0.6,
    },
    { ...flat, name: "caveFloor", detail: caveFloor, macroColor: 0.7, macroRelief: 0.7, roughness: 0.7 },
];
