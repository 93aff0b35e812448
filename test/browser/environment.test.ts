import path from "node:path";
import type { Page } from "playwright-core";
import {
    exposureAt,
    skyLightToRef,
    updateDaylight,
    whiteBalanceToRef,
    type Daylight,
} from "../../src/environment/skyModel.js";
import { moonDirectionToRef, sunDirectionToRef } from "../../src/environment/sunPosition.js";
import { BrowserHarness, WEBGPU_ARGS } from "./harness.js";
import type { PlainOptions, Pose, StageSetup } from "./pages/environmentPage.js";

type Pixels = Uint8Array;

/** Pixels, as the page has it. */
const SIZE = 128;

let browser: BrowserHarness;
let page: Page;

beforeAll(async () => {
    browser = await BrowserHarness.StartAsync({ directory: path.resolve("dist/testPages"), args: WEBGPU_ARGS });
});

afterAll(async () => {
    await browser.closeAsync();
});

async function openStageAsync(setup: StageSetup): Promise<void> {
    page = await browser.openAsync("/environmentPage.html");
    await page.waitForFunction(() => window.environments !== undefined);
    await page.evaluate((given) => window.environments.createAsync(given), setup);
}

async function closeStageAsync(): Promise<void> {
    await page.evaluate(() => window.environments.endAsync());
    browser.expectNoErrors();
    await page.close();
}

/** Runs in a page of its own: whether engines offset their matrices is one thing for a whole page. */
async function onStageAsync<T>(setup: StageSetup, useAsync: () => Promise<T>): Promise<T> {
    await openStageAsync(setup);
    try {
        return await useAsync();
    } finally {
        await closeStageAsync();
    }
}

/** Runs in an environment of its own on the stage that is open. */
async function inEnvironmentAsync<T>(options: PlainOptions, useAsync: () => Promise<T>): Promise<T> {
    await page.evaluate((given) => window.environments.addAsync(given), options);
    try {
        return await useAsync();
    } finally {
        await page.evaluate(() => window.environments.endEnvironment());
        browser.expectNoErrors();
    }
}

async function lookAsync(pose: Pose): Promise<Pixels> {
    const text = await page.evaluate((given) => window.environments.lookAsync(given), pose);
    return new Uint8Array(Buffer.from(text, "base64"));
}

/** Mean red, green and blue of a part of a picture: lines from below, in shares of its height. */
function meanOf(pixels: Pixels, from = 0, to = 1): [number, number, number] {
    const sums: [number, number, number] = [0, 0, 0];
    const [begin, end] = [Math.floor(from * SIZE) * SIZE, Math.floor(to * SIZE) * SIZE];
    for (let at = begin; at < end; at++) {
        for (let channel = 0; channel < 3; channel++) {
            sums[channel]! += pixels[at * 4 + channel]! / (end - begin);
        }
    }
    return sums;
}

const brightnessOf = (color: readonly number[]): number => (color[0]! + color[1]! + color[2]!) / 3;

/** The largest difference between means of 8 x 8 pixels, in steps of 255, and where it is. */
function worstBlock(one: Pixels, other: Pixels): { difference: number; column: number; row: number } {
    const worst = { difference: 0, column: 0, row: 0 };
    for (let row = 0; row < SIZE; row += 8) {
        for (let column = 0; column < SIZE; column += 8) {
            for (let channel = 0; channel < 3; channel++) {
                let difference = 0;
                for (let i = 0; i < 64; i++) {
                    const at = ((row + (i >> 3)) * SIZE + column + (i & 7)) * 4 + channel;
                    difference += (one[at]! - other[at]!) / 64;
                }
                if (Math.abs(difference) > worst.difference) {
                    Object.assign(worst, { difference: Math.abs(difference), column, row });
                }
            }
        }
    }
    return worst;
}

const SKY: Pose = { yaw: 250, pitch: 35 };
/** Water alone: the shore is above it. */
const TOWARDS_SEA: Pose = { yaw: 200, pitch: -34 };
const HOURS = { noon: 12, lowSun: 17.3, dusk: 18.3, night: 23 };

/** Names of hours of pictures. */
type Hour = keyof typeof HOURS;

const looksAsync = async (pose: Pose): Promise<Record<Hour, Pixels>> => {
    const looks: Partial<Record<Hour, Pixels>> = {};
    for (const [name, timeOfDay] of Object.entries(HOURS)) {
        looks[name as Hour] = await lookAsync({ ...pose, timeOfDay });
    }
    return looks as Record<Hour, Pixels>;
};

describe("on WebGL and WebGPU", () => {
    const looks: Record<string, Record<Hour, Pixels>>[] = [];
    beforeAll(async () => {
        for (const isWebGpu of [false, true]) {
            await onStageAsync({ isWebGpu, options: { quality: "high" } }, async () => {
                looks.push({ sky: await looksAsync(SKY), sea: await looksAsync(TOWARDS_SEA) });
            });
        }
    });

    test.each(Object.keys(HOURS) as Hour[])("sky and sea are the same at %s", (hour) => {
        const [gl, gpu] = looks;
        const worst = ["sky", "sea"].map((view) => ({
            view,
            ...worstBlock(gl![view]![hour], gpu![view]![hour]),
        }));
        expect(worst.filter(({ difference }) => difference > 3)).toEqual([]);
    });

    test("the sky is blue by day, dimmer and warmer at dusk, and dark but not black at night", () => {
        const { sky } = looks[0]!;
        const mean = Object.fromEntries(Object.entries(sky!).map(([hour, pixels]) => [hour, meanOf(pixels)]));
        expect(mean["noon"]![2]).toBeGreaterThan(mean["noon"]![0] * 1.1);
        expect(mean["dusk"]![0] / mean["dusk"]![2]).toBeGreaterThan(mean["noon"]![0] / mean["noon"]![2]);
        expect(brightnessOf(mean["dusk"]!)).toBeLessThan(brightnessOf(mean["noon"]!));
        expect(brightnessOf(mean["night"]!)).toBeLessThan(brightnessOf(mean["dusk"]!) * 0.7);
        expect(brightnessOf(mean["night"]!)).toBeGreaterThan(8);
    });

    test("no picture has a pixel of the clear colour, or is of one colour", () => {
        for (const pixels of looks.flatMap(({ sky, sea }) => [...Object.values(sky!), ...Object.values(sea!)])) {
            const colors = new Set<number>();
            let clear = 0;
            for (let at = 0; at < pixels.length; at += 4) {
                const [red, green, blue] = [pixels[at]!, pixels[at + 1]!, pixels[at + 2]!];
                colors.add((red << 16) | (green << 8) | blue);
                clear += red > 250 && green < 5 && blue > 250 ? 1 : 0;
            }
            expect(clear).toBe(0);
            expect(colors.size).toBeGreaterThan(20);
        }
    });
});

describe("in one scene", () => {
    beforeAll(() => openStageAsync({ options: null }));
    afterAll(closeStageAsync);

    test("nothing is left of an environment that is disposed, and the ground is drawn as before", async () => {
        const pose: Pose = { pitch: -20, hasTextures: true };
        const before = await lookAsync(pose);
        const holdings = await page.evaluate(() => window.environments.holdings());
        expect(holdings).toMatchObject({ meshes: 0, lights: 0, isInEnvironment: false });
        await inEnvironmentAsync({ quality: "medium" }, async () => {
            const inside = await lookAsync(pose);
            expect(await page.evaluate(() => window.environments.holdings())).toMatchObject({
                meshes: 2,
                lights: 1,
                isInEnvironment: true,
            });
            expect(worstBlock(before, inside).difference).toBeGreaterThan(20);
        });
        expect(worstBlock(before, await lookAsync(pose)).difference).toBeLessThan(0.5);
        const after = await page.evaluate(() => window.environments.holdings());
        expect(after).toEqual({ ...holdings, plugins: [...holdings.plugins, "TerraneAir"] });
    });

    // Before all that looks at other hours, by whose effects it would find fewer to compile.
    test("a day passes without an effect that is compiled", async () => {
        await inEnvironmentAsync({ quality: "low" }, async () => {
            await lookAsync({});
            const { effects, directions } = await page.evaluate(() => window.environments.turnSunAsync(48));
            expect(effects).toBe(0);
            expect(directions).toBeGreaterThan(40);
        });
    });

    test("the sky that is drawn is that of the model by which the ground's ambient light is computed", async () => {
        await inEnvironmentAsync({ clouds: 0, tone: false, exposure: 0.4, quality: "low" }, async () => {
            for (const timeOfDay of [12, 16, 17.8, 18.3]) {
                for (const [yaw, pitch] of [
                    [0, 89],
                    [90, 30],
                    [280, 20],
                    [150, 30],
                ] as const) {
                    const pixels = await lookAsync({ yaw, pitch, timeOfDay });
                    const at = ((SIZE / 2) * SIZE + SIZE / 2) * 4;
                    const expected = modelColor(timeOfDay, yaw, pitch, 0.4);
                    const seen = [...pixels.subarray(at, at + 3)];
                    const faults = expected.filter((value, channel) => Math.abs(value - seen[channel]!) > 4);
                    expect({ timeOfDay, yaw, pitch, seen, expected, faults }).toMatchObject({ faults: [] });
                }
            }
        });
    });

    test("two cameras see the same sky and sea, each in its half", async () => {
        await inEnvironmentAsync({ quality: "low" }, async () => {
            const split = await lookAsync({ yaw: 200, pitch: -8, isSplit: true });
            const [left, right] = [halfOf(split, 0), halfOf(split, 1)];
            const differing = left.filter((value, i) => Math.abs(value - right[i]!) > 4).length;
            expect(differing).toBeLessThan(left.length * 0.01);
            expect(brightnessOf(meanOf(split))).toBeGreaterThan(40);
        });
    });

    test.each(["standard", "pbr"] as const)("a %s material that is added lies in its light and air", async (box) => {
        await inEnvironmentAsync({ quality: "low", haze: 1 }, async () => {
            const pose: Pose = { yaw: 180, pitch: 0 };
            await page.evaluate((kind) => window.environments.addBox(kind), box);
            const clear = await lookAsync({ ...pose, timeOfDay: 13 });
            const night = await lookAsync({ ...pose, timeOfDay: 23.5 });
            await page.evaluate(() => window.environments.removeBox());
            const middle = (pixels: Pixels): number => {
                const at = ((SIZE / 2) * SIZE + SIZE / 2) * 4;
                return (pixels[at]! + pixels[at + 1]! + pixels[at + 2]!) / 3;
            };
            expect(middle(clear)).toBeGreaterThan(70);
            expect(middle(night)).toBeLessThan(middle(clear) * 0.6);
            expect(middle(night)).toBeGreaterThan(3);
        });
    });

    const PARTS: PlainOptions[] = [
        { sky: false, tone: false },
        { sea: false },
        { air: false, shadows: false, sun: false },
    ];
    test.each(PARTS)("parts can be left out: %j", async (options) => {
        await inEnvironmentAsync({ quality: "low", ...options }, async () => {
            const mean = meanOf(await lookAsync({ yaw: 200, pitch: -12 }));
            expect(brightnessOf(mean)).toBeGreaterThan(8);
            const held = await page.evaluate(() => {
                const { skyMesh, seaMesh, light } = window.stage!.environment!;
                return { sky: skyMesh !== null, sea: seaMesh !== null, sun: light !== null };
            });
            expect(held).toMatchObject({
                sky: !("sky" in options),
                sea: !("sea" in options),
                sun: !("sun" in options),
            });
        });
    });

    test("quality may change while it runs", async () => {
        await inEnvironmentAsync({ quality: "low" }, async () => {
            const low = await lookAsync(SKY);
            await page.evaluate(() => window.environments.setQuality("high"));
            const high = await lookAsync(SKY);
            await page.evaluate(() => window.environments.setQuality("low"));
            expect(worstBlock(low, high).difference).toBeGreaterThan(0);
            expect(worstBlock(low, await lookAsync(SKY)).difference).toBe(0);
        });
    });

    // The last: there is no world after it.
    test("an environment goes with its world", async () => {
        await page.evaluate(() => window.environments.addAsync({}));
        await lookAsync({});
        const left = await page.evaluate(() => {
            const { world, environment, scene } = window.stage!;
            world.dispose();
            return {
                isDisposed: environment!.isDisposed,
                meshes: scene.meshes.length,
                lights: scene.lights.length,
            };
        });
        expect(left).toEqual({ isDisposed: true, meshes: 0, lights: 0 });
    });
});

describe("elsewhere", () => {
    test("it looks the same right-handed with a floating origin", async () => {
        const poses: readonly Pose[] = [
            { yaw: 180, pitch: -10, timeOfDay: 15.5, hasTextures: true },
            { yaw: 235, pitch: 25, timeOfDay: 17 },
        ];
        const plain: Pixels[] = [];
        for (const isOther of [false, true]) {
            const setup = { isRightHanded: isOther, useLargeWorldRendering: isOther };
            await onStageAsync({ ...setup, options: { quality: "low" } }, async () => {
                for (const [i, pose] of poses.entries()) {
                    const pixels = await lookAsync(pose);
                    plain[i] ??= pixels;
                    // Textures of the ground differ a little as floats round.
                    const other = isOther ? mirrored(pixels) : pixels;
                    expect(worstBlock(plain[i], other).difference).toBeLessThan(i === 0 ? 6 : 1);
                }
            });
        }
    });

    test("far from the origin, with a floating one, sky and sea are as smooth as near it", async () => {
        await onStageAsync(
            { useLargeWorldRendering: true, east: 10_000_000, options: { quality: "low" } },
            async () => {
                const colors = meanOf(await lookAsync({ pitch: -30 }), 0, 0.3);
                expect(brightnessOf(colors)).toBeGreaterThan(20);
                expect(brightnessOf(meanOf(await lookAsync({ pitch: 30 })))).toBeGreaterThan(60);
            },
        );
    });
});

/** Returns what a screen shows of the model's sky, without a tone curve. */
function modelColor(timeOfDay: number, yaw: number, pitch: number, exposure: number): number[] {
    const time = { timeOfDay, latitude: 40, dayOfYear: 80 };
    const daylight: Daylight = {
        sun: sunDirectionToRef(time, { x: 0, y: 0, z: 0 }),
        moon: moonDirectionToRef(time, { x: 0, y: 0, z: 0 }),
        many: 0,
        night: [0, 0, 0],
    };
    updateDaylight(daylight);
    const [turn, lift] = [(yaw * Math.PI) / 180, (pitch * Math.PI) / 180];
    const [x, y, z] = [Math.sin(turn) * Math.cos(lift), Math.sin(lift), Math.cos(turn) * Math.cos(lift)];
    const white = whiteBalanceToRef(daylight.sun.y, [0, 0, 0]);
    return skyLightToRef(daylight, x, y, z, [0, 0, 0]).map((light, i) => {
        const shown = light * white[i]! * exposure * exposureAt(daylight.sun.y);
        return 255 * Math.min(1, shown ** (1 / 2.2));
    });
}

function mirrored(pixels: Pixels): Pixels {
    const result = new Uint8Array(pixels.length);
    for (let at = 0; at < SIZE * SIZE; at++) {
        const from = (at - (at % SIZE) + SIZE - 1 - (at % SIZE)) * 4;
        result.set(pixels.subarray(from, from + 4), at * 4);
    }
    return result;
}

/** Returns the left or the right half of a picture. */
function halfOf(pixels: Pixels, half: 0 | 1): Pixels {
    const result = new Uint8Array(pixels.length / 2);
    for (let row = 0; row < SIZE; row++) {
        const from = (row * SIZE + (half * SIZE) / 2) * 4;
        result.set(pixels.subarray(from, from + SIZE * 2), row * SIZE * 2);
    }
    return result;
}
