import type { Camera } from "@babylonjs/core/Cameras/camera.js";
import { Vector3 } from "@babylonjs/core/Maths/math.vector.js";
import type { DepthRule } from "./depthRule.js";

interface Size {
    readonly width: number;
    readonly height: number;
}

/** A picture as WebGL reads it: four bytes a pixel, from the bottom left. */
export interface Picture extends Size {
    readonly pixels: Uint8Array;
}

export interface Pixel {
    readonly x: number;
    readonly y: number;
}

/** A pixel that shows the background, and the metres at which its ray meets ground. */
export interface Hole extends Pixel {
    readonly metres: number;
}

/** Finds the pixels of a camera's picture that show the background although there is ground. The camera is upright. */
export function findHoles(picture: Picture, camera: Camera, rule: DepthRule): Hole[] {
    const { width, height } = picture;
    const { position } = camera;
    const holes: Hole[] = [];
    // Seen from above the ground, what lies over a ray that passes over all land does so too: most of the sky needs no ray.
    const sky = rule.isAboveLand(position) ? new Uint8Array(width * height) : null;
    // Column by column: the rays of one cross the same ground.
    for (const x of columnsOf(width, camera)) {
        for (let y = 0; y < height; y++) {
            if (!isBackground(picture, x, y)) {
                continue;
            }
            const direction = directionAt(camera, picture, x, y);
            if (sky !== null && (isOverSky(sky, camera, picture, x, y) || rule.passesOverLand(position, direction))) {
                sky[y * width + x] = 1;
                continue;
            }
            const metres = rule.groundOn(position, direction);
            if (metres !== null) {
                holes.push({ x, y, metres });
            }
        }
    }
    return holes;
}

/** Returns the columns of a picture in such an order that what lies straight below a pixel, in the world, comes before it. */
function columnsOf(width: number, camera: Camera): number[] {
    const middle = (width - 1) / 2;
    // Looking down, plumb lines meet below the picture, else above it.
    const sign = camera.getDirection(Vector3.Forward()).y < 0 ? 1 : -1;
    return Array.from({ length: width }, (_, x) => x).sort(
        (a, b) => sign * (Math.abs(a - middle) - Math.abs(b - middle)),
    );
}

/** Returns whether two pixels are known to be sky between which, or in one of which, a lower ray of the same plumb plane lies. */
function isOverSky(sky: Uint8Array, camera: Camera, size: Size, x: number, y: number): boolean {
    const below = (y - 1) * size.width;
    if (y === 0 || sky[below + x] === 0) {
        return false;
    }
    const lower = pixelOf(camera, size, directionAt(camera, size, x, y, 0.01));
    if (lower === null || y - lower.y < Math.abs(lower.x - x)) {
        return false;
    }
    const beside = x + Math.sign(lower.x - x);
    return beside < 0 || beside >= size.width || sky[below + beside] === 1;
}

/** Returns the unit vector of a pixel's middle, turned down by about `drop` radians. */
export function directionAt(camera: Camera, size: Size, x: number, y: number, drop = 0): Vector3 {
    const { m } = camera.getWorldMatrix();
    const up = Math.tan(camera.fov / 2);
    const a = ((2 * (x + 0.5)) / size.width - 1) * ((up * size.width) / size.height);
    const b = ((2 * (y + 0.5)) / size.height - 1) * up;
    const along = (i: number): number => m[8 + i]! + a * m[i]! + b * m[4 + i]!;
    const direction = new Vector3(along(0), along(1), along(2)).normalize();
    direction.y -= drop;
    return direction.normalize();
}

/** Returns the pixel that a direction meets, with fractions; null where it leads back. */
function pixelOf(camera: Camera, { width, height }: Size, direction: Vector3): Pixel | null {
    const { m } = camera.getWorldMatrix();
    const dot = (at: number): number => m[at]! * direction.x + m[at + 1]! * direction.y + m[at + 2]! * direction.z;
    const forward = dot(8);
    if (forward <= 0) {
        return null;
    }
    const up = Math.tan(camera.fov / 2) * forward;
    const right = (up * width) / height;
    return { x: ((dot(0) / right + 1) * width) / 2 - 0.5, y: ((dot(4) / up + 1) * height) / 2 - 0.5 };
}

/** Returns whether a pixel shows what lies behind all ground. */
export function isBackground({ width, pixels }: Picture, x: number, y: number): boolean {
    const at = (y * width + x) * 4;
    return pixels[at]! > 250 && pixels[at + 1]! < 5 && pixels[at + 2]! > 250;
}

/** Returns a picture as the address of a PNG, with its holes white. */
export function pictureUrl({ width, height, pixels }: Picture, holes: readonly Pixel[]): string {
    const canvas = document.createElement("canvas");
    canvas.width = width;
    canvas.height = height;
    const context = canvas.getContext("2d")!;
    const image = context.createImageData(width, height);
    for (let y = 0; y < height; y++) {
        image.data.set(pixels.subarray(y * width * 4, (y + 1) * width * 4), (height - 1 - y) * width * 4);
    }
    for (const { x, y } of holes) {
        image.data.fill(255, ((height - 1 - y) * width + x) * 4, ((height - 1 - y) * width + x) * 4 + 4);
    }
    context.putImageData(image, 0, 0);
    return canvas.toDataURL("image/png");
}
