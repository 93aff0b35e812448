/** How a drawn mountain range looks. */
export interface RangeLook {
    readonly seed: number;
    /** Colours from the top to the horizon. */
    readonly sky: readonly [string, string, string];
    /** Colours of the nearest and the farthest ridge. */
    readonly near: string;
    readonly far: string;
    readonly hasSea: boolean;
}

const LAYERS = 6;
const MOST_PIXEL_RATIO = 2;

/** Draws ridges behind ridges under an evening sky, to the canvas's size on the page. */
export function drawRange(canvas: HTMLCanvasElement, look: RangeLook): void {
    const ratio = Math.min(MOST_PIXEL_RATIO, devicePixelRatio);
    const width = Math.round(canvas.clientWidth * ratio);
    const height = Math.round(canvas.clientHeight * ratio);
    const context = canvas.getContext("2d");
    if (context === null || width === 0 || height === 0) {
        return;
    }
    canvas.width = width;
    canvas.height = height;
    drawSky(context, width, height, look);
    for (let layer = 0; layer < LAYERS; layer++) {
        const nearness = layer / (LAYERS - 1);
        context.fillStyle = `color-mix(in srgb, ${look.near} ${(nearness * 100).toFixed(0)}%, ${look.far})`;
        const foot = height * (0.6 + 0.3 * nearness);
        const relief = height * (0.3 - 0.16 * nearness);
        context.beginPath();
        context.moveTo(0, height);
        for (let x = 0; x <= width; x += 2) {
            // In units of the height, so that a wide canvas shows more range, not a stretched one.
            const u = (x / height) * (1.1 + nearness * 1.5) + layer * 17.3;
            context.lineTo(x, foot - relief * ridge(u, look.seed + layer));
        }
        context.lineTo(width, height);
        context.fill();
        if (look.hasSea && layer === LAYERS - 3) {
            drawSea(context, width, height, look);
        }
    }
}

function drawSky(context: CanvasRenderingContext2D, width: number, height: number, { sky }: RangeLook): void {
    const gradient = context.createLinearGradient(0, 0, 0, height * 0.72);
    sky.forEach((color, i) => gradient.addColorStop(i / 2, color));
    context.fillStyle = gradient;
    context.fillRect(0, 0, width, height);
    const sunX = width * 0.74;
    const sunY = height * 0.5;
    const glow = context.createRadialGradient(sunX, sunY, 0, sunX, sunY, height);
    for (let i = 0; i <= 24; i++) {
        const away = i / 24;
        // Falls off so softly that its border is nowhere to be seen.
        const alpha = (0.62 * Math.exp(-away * 5) + 0.3 * Math.exp(-away * 60)) * (1 - away);
        glow.addColorStop(away, `rgba(255, 222, 178, ${alpha.toFixed(4)})`);
    }
    context.fillStyle = glow;
    context.fillRect(0, 0, width, height);
}

function drawSea(context: CanvasRenderingContext2D, width: number, height: number, { sky }: RangeLook): void {
    const top = height * 0.76;
    const gradient = context.createLinearGradient(0, top, 0, height);
    gradient.addColorStop(0, sky[2]);
    gradient.addColorStop(0.25, sky[1]);
    gradient.addColorStop(1, sky[0]);
    context.fillStyle = gradient;
    context.fillRect(0, top, width, height - top);
}

/** Returns the height of a profile of sharp peaks on broad shoulders, 0 to 1. */
function ridge(u: number, seed: number): number {
    let height = 0;
    let amplitude = 0.56;
    for (let octave = 0; octave < 6; octave++) {
        const value = 1 - Math.abs(noise(u * 2 ** octave, seed * 31 + octave) * 2 - 1);
        height += amplitude * (octave < 3 ? value * value : value);
        amplitude *= 0.46;
    }
    return height;
}

function noise(u: number, seed: number): number {
    const left = Math.floor(u);
    const t = u - left;
    return random(left, seed) + (random(left + 1, seed) - random(left, seed)) * t * t * (3 - 2 * t);
}

/** Returns a number from 0 to 1 that looks random. */
function random(i: number, seed: number): number {
    let hash = Math.imul(i, 0x9e3779b1) ^ Math.imul(seed, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32;
}
