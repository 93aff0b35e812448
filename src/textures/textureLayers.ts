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
    { name: "sand", tile: 2, color: [0.415, 0.33, 0.216] },
    { name: "lushGrass", tile: 2, color: [0.09, 0.118, 0.03] },
    { name: "dryGrass", tile: 2, color: [0.179, 0.153, 0.064] },
    { name: "forestFloor", tile: 2, color: [0.089, 0.072, 0.027] },
    { name: "rockTop", tile: 4, color: [0.174, 0.164, 0.145] },
    { name: "cliff", tile: 4, color: [0.163, 0.15, 0.132] },
    { name: "scree", tile: 4, color: [0.206, 0.185, 0.157] },
    { name: "snow", tile: 4, color: [0.8, 0.824, 0.853] },
    { name: "caveWall", tile: 4, color: [0.189, 0.167, 0.139] },
    { name: "caveFloor", tile: 4, color: [0.142, 0.118, 0.092] },
    { name: "meadow", tile: 32, color: [0.118, 0.125, 0.04] },
    { name: "shrubs", tile: 32, color: [0.066, 0.088, 0.027] },
    { name: "rockFace", tile: 32, color: [0.158, 0.147, 0.133] },
    { name: "loose", tile: 32, color: [0.213, 0.186, 0.155] },
];
