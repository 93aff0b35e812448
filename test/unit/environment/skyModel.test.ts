import {
    exposureAt,
    moonLightToRef,
    skyLightToRef,
    sunLightToRef,
    updateDaylight,
    whiteBalanceToRef,
    type Daylight,
    type Rgb,
} from "../../../src/environment/skyModel.js";

/** The light with the sun at `degrees` above the horizon, in the east, and the moon opposite. */
function daylightAt(degrees: number): Daylight {
    const angle = (degrees * Math.PI) / 180;
    const daylight: Daylight = {
        sun: { x: Math.cos(angle), y: Math.sin(angle), z: 0 },
        moon: { x: -Math.cos(angle), y: -Math.sin(angle), z: 0 },
        many: 0,
        night: [0, 0, 0],
    };
    updateDaylight(daylight);
    return daylight;
}

function skyAt(degrees: number, x: number, y: number, z: number): Rgb {
    return skyLightToRef(daylightAt(degrees), x, y, z, [0, 0, 0]);
}

const sum = ([red, green, blue]: Rgb): number => red + green + blue;
const HEIGHTS = [-90, -40, -18, -12, -8, -4, -1, 0, 2, 8, 20, 45, 90];

test("is finite and not negative, whatever the sun and the direction", () => {
    for (const height of HEIGHTS) {
        for (const [x, y, z] of [
            [0, 1, 0],
            [1, 0, 0],
            [-1, 0, 0],
            [0, -1, 0.001],
            [0.5, -0.5, 0.5],
            [3, 4, 5],
        ] as const) {
            for (const value of skyAt(height, x, y, z)) {
                expect(value).toBeGreaterThan(0);
                expect(value).toBeLessThan(20);
            }
        }
    }
});

test("the length of a direction does not matter, and below the horizon is what the horizon is", () => {
    expect(skyAt(20, 3, 4, 5).map((v) => v.toFixed(9))).toEqual(skyAt(20, 0.3, 0.4, 0.5).map((v) => v.toFixed(9)));
    expect(skyAt(20, 0.6, -0.5, 0.8)).toEqual(skyAt(20, 0.6, 0, 0.8));
});

test("by day the zenith is deep blue, and the horizon brighter and paler", () => {
    const zenith = skyAt(45, 0, 1, 0);
    const horizon = skyAt(45, -1, 0.02, 0);
    expect(zenith[2] / zenith[0]).toBeGreaterThan(2);
    expect(sum(horizon)).toBeGreaterThan(1.3 * sum(zenith));
    expect(horizon[2] / horizon[0]).toBeLessThan(zenith[2] / zenith[0]);
});

test("it is brightest around the sun", () => {
    const towards = skyAt(10, Math.cos(0.17), Math.sin(0.17), 0);
    expect(sum(towards)).toBeGreaterThan(2.5 * sum(skyAt(10, -1, 0.17, 0)));
});

test("at dusk the horizon below the sun is red, the other side dim, the zenith blue", () => {
    const towards = skyAt(-4, 1, 0.03, 0);
    const away = skyAt(-4, -1, 0.03, 0);
    const zenith = skyAt(-4, 0, 1, 0);
    expect(towards[0]).toBeGreaterThan(2 * towards[2]);
    expect(sum(towards)).toBeGreaterThan(3 * sum(away));
    expect(zenith[2]).toBeGreaterThan(1.5 * zenith[0]);
});

test("it dims without a step as the sun sets, to a night that is not black", () => {
    let before = sum(skyAt(12, 0, 1, 0));
    for (let height = 11.75; height >= -20; height -= 0.25) {
        const now = sum(skyAt(height, 0, 1, 0));
        expect(now).toBeLessThan(before * 1.02);
        expect(now).toBeGreaterThan(before * 0.8);
        before = now;
    }
    expect(before).toBeLessThan(0.03 * sum(skyAt(12, 0, 1, 0)));
    expect(before).toBeGreaterThan(1e-4);
});

test("sunlight reddens and fades; moonlight comes when the day is gone, and neither is there in between", () => {
    const sunlight = (degrees: number) => sunLightToRef(daylightAt(degrees).sun, [0, 0, 0]);
    const moonlight = (degrees: number) => moonLightToRef(daylightAt(degrees), [0, 0, 0]);
    expect(sunlight(60)[2] / sunlight(60)[0]).toBeGreaterThan(0.65);
    expect(sunlight(3)[2] / sunlight(3)[0]).toBeLessThan(0.2);
    expect(sum(sunlight(-2))).toBe(0);
    expect(sum(moonlight(-3.1))).toBe(0);
    expect(sum(moonlight(-30))).toBeGreaterThan(0.02);
    expect(sum(moonlight(-30))).toBeLessThan(0.05 * sum(sunlight(30)));
});

test("exposure rises as light falls, without a step, and white balance stays near white", () => {
    let before = exposureAt(1);
    expect(before).toBeCloseTo(1.55, 5);
    for (let sine = 1; sine >= -1; sine -= 0.005) {
        const now = exposureAt(sine);
        expect(now).toBeGreaterThanOrEqual(before);
        expect(now).toBeLessThan(before * 1.1);
        before = now;
        for (const value of whiteBalanceToRef(sine, [0, 0, 0])) {
            expect(Math.abs(value - 1)).toBeLessThan(0.14);
        }
    }
});
