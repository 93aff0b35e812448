import {
    moonDirectionToRef,
    starAngle,
    sunDirectionToRef,
    type SkyTime,
} from "../../../src/environment/sunPosition.js";

const DEGREES = 180 / Math.PI;
const sunAt = (time: Partial<SkyTime>) =>
    sunDirectionToRef({ timeOfDay: 12, latitude: 40, dayOfYear: 80, ...time }, { x: 0, y: 0, z: 0 });
const heightAt = (time: Partial<SkyTime>): number => Math.asin(sunAt(time).y) * DEGREES;

test("directions are unit vectors, at any time and place", () => {
    for (const latitude of [-90, -33, 0, 51, 90]) {
        for (let timeOfDay = 0; timeOfDay <= 24; timeOfDay += 1.5) {
            for (const dayOfYear of [1, 80, 172, 355]) {
                const time = { timeOfDay, latitude, dayOfYear };
                for (const { x, y, z } of [sunAt(time), moonDirectionToRef(time, { x: 0, y: 0, z: 0 })]) {
                    expect(Math.hypot(x, y, z)).toBeCloseTo(1, 12);
                }
            }
        }
    }
});

test("the sun rises in the east at 6 and sets in the west at 18 on the day of the equinox, wherever one is", () => {
    for (const latitude of [-60, 0, 40, 70]) {
        expect(sunAt({ latitude, timeOfDay: 6 }).x).toBeCloseTo(1, 3);
        expect(sunAt({ latitude, timeOfDay: 18 }).x).toBeCloseTo(-1, 3);
        expect(heightAt({ latitude, timeOfDay: 6 })).toBeCloseTo(0, 3);
    }
});

test("at noon it stands in the south of northern places, in the north of southern ones, as high as astronomy says", () => {
    expect(sunAt({ latitude: 40 }).z).toBeLessThan(0);
    expect(sunAt({ latitude: -40 }).z).toBeGreaterThan(0);
    expect(heightAt({ latitude: 40 })).toBeCloseTo(50, 1);
    expect(heightAt({ latitude: 40, dayOfYear: 172 })).toBeCloseTo(73.44, 1);
    expect(heightAt({ latitude: 40, dayOfYear: 355 })).toBeCloseTo(26.56, 1);
    expect(heightAt({ latitude: 0, dayOfYear: 80 })).toBeCloseTo(90, 1);
});

test("it does not set in the polar summer, and does not rise in the polar winter", () => {
    const hours = Array.from({ length: 25 }, (_, hour) => hour);
    expect(
        Math.min(...hours.map((timeOfDay) => heightAt({ latitude: 80, dayOfYear: 172, timeOfDay }))),
    ).toBeGreaterThan(0);
    expect(Math.max(...hours.map((timeOfDay) => heightAt({ latitude: 80, dayOfYear: 355, timeOfDay })))).toBeLessThan(
        0,
    );
});

test("hour 24 is hour 0", () => {
    const [end, start] = [sunAt({ timeOfDay: 24 }), sunAt({ timeOfDay: 0 })];
    expect(Math.hypot(end.x - start.x, end.y - start.y, end.z - start.z)).toBeLessThan(1e-12);
});

test("the moon is up while the sun is down, near midnight, and stars turn once a day", () => {
    const at = (timeOfDay: number) =>
        moonDirectionToRef({ timeOfDay, latitude: 40, dayOfYear: 80 }, { x: 0, y: 0, z: 0 });
    expect(at(23).y).toBeGreaterThan(0.5);
    expect(at(12).y).toBeLessThan(0);
    const turn =
        starAngle({ timeOfDay: 24, latitude: 0, dayOfYear: 80 }) -
        starAngle({ timeOfDay: 0, latitude: 0, dayOfYear: 80 });
    expect(turn).toBeCloseTo(2 * Math.PI, 12);
});
