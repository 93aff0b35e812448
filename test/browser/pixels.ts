import type { PNG } from "pngjs";

export interface PixelStatistics {
    /** Means of red, green and blue, 0 to 255. */
    mean: [number, number, number];
    /** Standard deviation of the brightness, 0 to 127. */
    deviation: number;
    /** Mean difference in brightness from a pixel to its right neighbour: how much detail there is. */
    detail: number;
    /** Different colours, of 32768: the lowest three bits of a channel do not count. */
    colours: number;
}

/** Statistics of the rows from `from` to `to`, both shares of the height. */
export function statisticsOf(picture: PNG, from = 0, to = 1): PixelStatistics {
    const { width, height, data } = picture;
    const first = Math.floor(from * height);
    const last = Math.floor(to * height);
    const count = (last - first) * width;
    const mean: [number, number, number] = [0, 0, 0];
    const colours = new Set<number>();
    let sum = 0;
    let squares = 0;
    let steps = 0;
    for (let y = first; y < last; y++) {
        let before = 0;
        for (let x = 0; x < width; x++) {
            const at = (y * width + x) * 4;
            const red = data[at]!;
            const green = data[at + 1]!;
            const blue = data[at + 2]!;
            mean[0] += red / count;
            mean[1] += green / count;
            mean[2] += blue / count;
            colours.add(((red >> 3) << 10) | ((green >> 3) << 5) | (blue >> 3));
            const brightness = 0.299 * red + 0.587 * green + 0.114 * blue;
            sum += brightness;
            squares += brightness * brightness;
            steps += x === 0 ? 0 : Math.abs(brightness - before);
            before = brightness;
        }
    }
    const average = sum / count;
    return {
        mean,
        deviation: Math.sqrt(Math.max(0, squares / count - average * average)),
        detail: steps / (count - (last - first)),
        colours: colours.size,
    };
}
