/** What the bench uses of the package, which has no types. */
declare module "fastnoise-lite" {
    export default class FastNoiseLite {
        public static readonly NoiseType: { readonly OpenSimplex2: string };
        public static readonly FractalType: { readonly FBm: string };
        public constructor(seed: number);
        public SetNoiseType(type: string): void;
        public SetFrequency(frequency: number): void;
        public SetFractalType(type: string): void;
        public SetFractalOctaves(octaves: number): void;
        public SetFractalLacunarity(lacunarity: number): void;
        public SetFractalGain(gain: number): void;
        public GetNoise(x: number, y: number, z?: number): number;
    }
}
