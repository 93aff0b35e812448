import { RULE_LIMITS, type SurfaceRule } from "../../../recipe/surfaceRule.js";
import type { GroundPlan, PlacedRule } from "./groundPlan.js";
import { PLACING_GLSL } from "./placingGlsl.js";

type Quantity = keyof typeof RULE_LIMITS;

/** What ranges are compared with. Noise of three widths frays each by channels of its own; it deviates by 0.24. */
const QUANTITIES: Readonly<
    Record<Quantity, { readonly value: string; readonly noise: string; readonly scale: number }>
> = {
    slope: { value: "slope", noise: fray("g", "g", "g"), scale: 1 },
    height: { value: "p.y", noise: fray("b", "b", "b"), scale: 100 },
    moisture: { value: "vTerraneWeights.y", noise: fray("r", "r", "r"), scale: 1 },
    relief: { value: "vTerraneWeights.x", noise: fray("a", "a", "a"), scale: 1 },
    cave: { value: "inCave", noise: fray("g", "a", "b"), scale: 1 },
};
const CHANNELS = ["r", "g", "b", "a"] as const;
/** Standard deviation of the noise that patches are cut from. */
const PATCH_DEVIATION = 0.255;

/** Returns the code that says where each surface lies, with a plan's rules in it. */
export function placingCode({ rules, replaced }: GroundPlan): string {
    const inPlace = replaced.filter(({ rule }) => !isInCaves(rule));
    let code = PLACING_GLSL;
    for (const placed of replaced) {
        const own = new RegExp(`terraneLay\\(${placed.surface}, .*\\);`);
        code = code.replace(own, inPlace.includes(placed) ? layCode(placed) : "");
    }
    const onLand = rules.filter(({ rule }) => !isInCaves(rule));
    const inCaves = [...replaced, ...rules].filter(({ rule }) => isInCaves(rule));
    // The topmost first, as the shader lays them.
    const laid = (rules: readonly PlacedRule[]): string => rules.map(layCode).reverse().join("\n    ");
    return code.replace("//TERRANE_RULES", laid(onLand)).replace("//TERRANE_CAVE_RULES", laid(inCaves));
}

function isInCaves({ cave }: SurfaceRule): boolean {
    return cave !== undefined && cave[1] > 0;
}

/** Returns the statement that lays a surface where its rule holds. */
function layCode({ surface, rule }: PlacedRule): string {
    const { coverage = 1, noise = 0.3, softness = 0.1 } = rule;
    const shares = (Object.keys(QUANTITIES) as Quantity[]).flatMap((quantity) =>
        edgesOf(quantity, rule[quantity], noise, softness),
    );
    if (coverage <= 0) {
        shares.push("0.0");
    } else if (coverage < 1) {
        const [a, b, c] = [0, 1, 2].map((i) => CHANNELS[(surface + i) % CHANNELS.length]!);
        const patches = `0.7 * noises.fine.${a} + 0.6 * noises.broad.${b} + 0.7 * noises.close.${c}`;
        const from = PATCH_DEVIATION * normalQuantile(1 - coverage);
        shares.push(above(patches, from, softness));
    }
    return `terraneLay(${surface}, ${shares.length === 0 ? "1.0" : shares.join(" * ")});`;
}

function edgesOf(quantity: Quantity, range: SurfaceRule[Quantity], noise: number, softness: number): string[] {
    // Caves lie over everything else anyway.
    if (range === undefined || (quantity === "cave" && range[1] <= 0)) {
        return [];
    }
    const { value, noise: fraying, scale } = QUANTITIES[quantity];
    const frayed = noise > 0 ? `${value} + ${float(noise * scale)} * ${fraying}` : value;
    const [least, most] = range;
    const [lowest, highest] = RULE_LIMITS[quantity];
    return [
        ...(least > lowest ? [above(frayed, least, softness * scale)] : []),
        ...(most < highest ? [`(1.0 - ${above(frayed, most, softness * scale)})`] : []),
    ];
}

function above(value: string, edge: number, softness: number): string {
    return `smoothstep(${float(edge - softness)}, ${float(edge + softness)}, ${value})`;
}

function fray(broad: string, fine: string, close: string): string {
    return `(0.6 * broad.${broad} + 0.7 * fine.${fine} + 0.6 * close.${close})`;
}

/** Returns about the value that a share of normally distributed ones lies below, in standard deviations (Tukey's lambda). */
function normalQuantile(share: number): number {
    return 4.91 * (share ** 0.14 - (1 - share) ** 0.14);
}

function float(value: number): string {
    const rounded = Number(value.toFixed(6));
    return Number.isInteger(rounded) ? rounded.toFixed(1) : `${rounded}`;
}
