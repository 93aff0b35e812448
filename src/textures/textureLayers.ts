/** The layers of the ground's texture arrays, by the numbers that shaders know them by. */
export const TextureLayer = {
    sand: 0,
    lushGrass: 1,
    dryGrass: 2,
    forestFloor: 3,
    /** Rock seen from above, where it lies flat. */
    rockTop: 4,
    /** Bedded rock in broken blocks, seen from the side. */
    cliff: 5,
    scree: 6,
    snow: 7,
    caveWall: 8,
    caveFloor: 9,
    /** Grassland from some way off: patches, tussocks, single shrubs. */
    meadow: 10,
    /** Woodland from some way off: crowns of shrubs and low trees. */
    shrubs: 11,
    /** Rock from some way off. */
    rockFace: 12,
    /** Loose ground from some way off: rills, boulders, patches. */
    loose: 13,
} as const;

/** What is known of a layer before it is drawn. */
export interface TextureLayerInfo {
    readonly name: keyof typeof TextureLayer;
    /** Metres that one copy of the picture covers: a power of two. */
    readonly tile: number;
    /** Mean colour, linear: red, green, blue, 0 to 1. A layer that is not drawn yet has it as its plain tone. */
    readonly color: readonly [number, number, number];
}

/** All layers, by their numbers. */
export const TEXTURE_LAYERS: readonly TextureLayerInfo[] = [
    { name: "sand", tile: 2, color: [0.44, 0.35, 0.228] },
    { name: "lushGrass", tile: 2, color: [0.062, 0.101, 0.022] },
    { name: "dryGrass", tile: 2, color: [0.158, 0.142, 0.056] },
    { name: "forestFloor", tile: 2, color: [0.079, 0.062, 0.025] },
    { name: "rockTop", tile: 4, color: [0.166, 0.161, 0.147] },
    { name: "cliff", tile: 4, color: [0.152, 0.145, 0.132] },
    { name: "scree", tile: 4, color: [0.186, 0.165, 0.138] },
    { name: "snow", tile: 4, color: [0.8, 0.824, 0.853] },
    { name: "caveWall", tile: 4, color: [0.19, 0.171, 0.145] },
    { name: "caveFloor", tile: 4, color: [0.146, 0.121, 0.094] },
    { name: "meadow", tile: 32, color: [0.118, 0.125, 0.04] },
    { name: "shrubs", tile: 32, color: [0.062, 0.084, 0.026] },
    { name: "rockFace", tile: 32, color: [0.152, 0.145, 0.132] },
    { name: "loose", tile: 32, color: [0.212, 0.187, 0.153] },
];
