/** A colour: red, green and blue, linear. */
export type Rgb = readonly [number, number, number];

export function clamp(value: number, least = 0, most = 1): number {
    return value < least ? least : value > most ? most : value;
}

export function mix(from: number, to: number, share: number): number {
    return from + (to - from) * share;
}

/** Returns 0 up to `from` and 1 beyond `to`, with a smooth step between. `from` may be the greater one. */
export function smoothstep(from: number, to: number, value: number): number {
    const share = clamp((value - from) / (to - from));
    return share * share * (3 - 2 * share);
}

export function mixColors(from: Rgb, to: Rgb, share: number): Rgb {
    return [mix(from[0], to[0], share), mix(from[1], to[1], share), mix(from[2], to[2], share)];
}

/** Returns a colour like another: up to `brightness` (a share) brighter or darker, and up to `hue` redder and bluer or less so. */
export function varied(random: () => number, color: Rgb, brightness: number, hue = 0.06): Rgb {
    const factor = 1 + (random() * 2 - 1) * brightness;
    return [
        color[0] * factor * (1 + (random() * 2 - 1) * hue),
        color[1] * factor,
        color[2] * factor * (1 + (random() * 2 - 1) * hue),
    ];
}
