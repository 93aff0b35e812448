import {
    boxFromFaceToRef,
    boxToFaceToRef,
    cellAtToRef,
    chartToRef,
    continuedPlaceToRef,
    directionToRef,
    FACE_COUNT,
    faceOf,
    foldCellToRef,
    foldSampleToRef,
    toFaceToRef,
    unwarp,
    warp,
} from "../../../src/space/cubeSphere.js";
import { placeOf, sampleAt } from "../../support/planetSamples.js";
import { Random, testSeed } from "../../support/randomRecipe.js";

const seed = testSeed();
const FACES = Array.from({ length: FACE_COUNT }, (_, face) => face);
/** Samples along a face's edge, from the coarsest level on: 32 cells a chunk, down to 64 m of the Earth. */
const COUNTS = Array.from({ length: 19 }, (_, finer) => 32 * 2 ** finer);

const minus = (a: number[], b: number[]) => a.map((value, axis) => value - b[axis]!);
const lengthOf = (a: number[]) => Math.hypot(...a);

test("each chart is a proper rotation of the flat world's, right and forward along positive axes", () => {
    const names = FACES.map((face) => {
        const axes = [placeOf(face, 2, 1, 2), placeOf(face, 1, 2, 2)].map((edge) =>
            minus(edge, placeOf(face, 1, 1, 2)),
        );
        const up = placeOf(face, 1, 1, 2);
        const [right, forward] = axes.map((axis) => axis.map((value, at) => (up[at] === 0 ? value : 0))) as number[][];
        const cross = [0, 1, 2].map((at) => {
            const [b, c] = [(at + 1) % 3, (at + 2) % 3];
            return forward![b]! * right![c]! - forward![c]! * right![b]!;
        });
        expect(cross.map(Math.sign)).toEqual(up.map(Math.sign));
        const nameOf = (axis: number[]) => {
            const at = axis.findIndex((value) => value !== 0);
            return (axis[at]! > 0 ? "+" : "-") + "XYZ".charAt(at);
        };
        return [up, right!, forward!].map(nameOf).join(" ");
    });
    expect(names).toEqual(["+X +Z +Y", "-X +Y +Z", "+Y +X +Z", "-Y +Z +X", "+Z +Y +X", "-Z +X +Y"]);
});

test("the warp is odd, exact at its ends and the middle, rises, and has an inverse to a double's precision", () => {
    expect([-1, 0, 1].map(warp)).toEqual([-1, 0, 1]);
    expect([-1, 0, 1].map(unwarp)).toEqual([-1, 0, 1]);
    for (let i = -5_000; i < 5_000; i++) {
        const s = i / 5_000;
        const isOdd = warp(-s) === -warp(s);
        const rises = warp(s + 1 / 5_000) > warp(s);
        const error = Math.max(Math.abs(unwarp(warp(s)) - s), Math.abs(warp(unwarp(s)) - s));
        expect([s, isOdd, rises, error <= 2 ** -52]).toEqual([s, true, true, true]);
    }
});

test(`samples beyond a border are the neighbour's, bit for bit (seed ${seed})`, () => {
    const random = new Random(seed);
    let corners = 0;
    for (let run = 0; run < 10_000; run++) {
        const count = random.pick(COUNTS);
        const face = random.whole(0, 5);
        const [deep, beside] = [
            random.whole(1, 8),
            random.pick([random.whole(-8, count + 8), -1, 0, 1, count, count + 1]),
        ];
        const along = Math.max(-8, Math.min(count + 8, beside));
        const across = random.pick([-deep, count + deep]);
        const isByX = random.next() < 0.5;
        const [i, k] = isByX ? [across, along] : [along, across];
        const place = placeOf(face, i, k, count);
        const [next, nextI, nextK] = sampleAt(place, count);
        expect(placeOf(next, nextI, nextK, count)).toEqual(place);
        const over = Math.max(deep, -along, along - count);
        const isCorner = along < 0 || along > count;
        corners += isCorner ? 1 : 0;
        const reached = [nextI, nextK];
        if (isCorner) {
            // On the edge between the two neighbours, from the corner on.
            expect(reached.some((at) => at === 0 || at === count)).toBe(true);
        } else {
            // What lies on the edge of two faces may be either's.
            const isOnEdge = along === 0 || along === count;
            expect(next !== face && (isOnEdge || reached.includes(along))).toBe(true);
        }
        expect(reached.some((at) => at === over || at === count - over)).toBe(true);
    }
    expect(corners).toBeGreaterThan(1_000);
});

test(`a sample beyond a border is found on the neighbour, along the chart's own axis there (seed ${seed})`, () => {
    const random = new Random(seed);
    const [folded, next] = [new Int32Array(4), new Int32Array(4)];
    const turns = [0, 0];
    for (let run = 0; run < 2_000; run++) {
        const count = random.pick(COUNTS);
        const [face, along] = [random.whole(0, 5), random.whole(0, count)];
        const across = random.pick([-random.whole(1, 8), count + random.whole(1, 8)]);
        const isByX = random.next() < 0.5;
        const [i, k] = isByX ? [across, along] : [along, across];
        foldSampleToRef(face, i, k, count, folded);
        const [other, otherI, otherK, isTurned] = folded;
        expect(other).not.toBe(face);
        expect(placeOf(other!, otherI!, otherK!, count)).toEqual(placeOf(face, i, k, count));
        turns[isTurned!]!++;
        // One further along the border is one further along i, or k where the charts are turned.
        const inner = along < count ? along + 1 : along - 1;
        foldSampleToRef(face, isByX ? across : inner, isByX ? inner : across, count, next);
        const moved = [next[1]! - otherI!, next[2]! - otherK!];
        const step = inner - along;
        expect(moved).toEqual(isByX === (isTurned === 0) ? [0, step] : [step, 0]);
    }
    expect(Math.min(...turns)).toBeGreaterThan(500);
});

test(`a chart that runs on is its own on the face, and the neighbour's on the line of their edge alone (seed ${seed})`, () => {
    const random = new Random(seed);
    const continued = (face: number, i: number, k: number, count: number) => {
        const place = new Float64Array(3);
        continuedPlaceToRef(face, i, k, count, place);
        return [...place];
    };
    for (let run = 0; run < 2_000; run++) {
        const count = random.pick(COUNTS);
        const [face, i, k] = [random.whole(0, 5), random.whole(0, count), random.whole(0, count)];
        expect(continued(face, i, k, count)).toEqual(placeOf(face, i, k, count));
        // On the line of an edge, beyond its ends too.
        const along = random.whole(-8, count + 8);
        const edge = random.pick([0, count]);
        const folded = new Int32Array(4);
        foldSampleToRef(face, edge === 0 ? -1 : count + 1, 0, count, folded);
        const isTurned = folded[3] === 1;
        const row = Math.round(folded[isTurned ? 2 : 1]! / count) * count;
        const there = isTurned ? ([along, row] as const) : ([row, along] as const);
        expect(continued(face, edge, along, count)).toEqual(continued(folded[0]!, ...there, count));
        expect(continued(face, edge === 0 ? -1 : count + 1, along, count)).not.toEqual(
            placeOf(face, edge === 0 ? -1 : count + 1, along, count),
        );
    }
});

test("two faces have the same samples along each of 12 edges, three at each of 8 corners", () => {
    for (const count of [1, 2, 64]) {
        const owners = new Map<string, Set<number>>();
        for (const face of FACES) {
            for (let at = 0; at <= count; at++) {
                for (const [i, k] of [
                    [0, at],
                    [count, at],
                    [at, 0],
                    [at, count],
                ] as const) {
                    const key = placeOf(face, i, k, count).join(" ");
                    owners.set(key, (owners.get(key) ?? new Set<number>()).add(face));
                }
            }
        }
        const sharers = [...owners.values()].map(({ size }) => size);
        expect(sharers.filter((size) => size === 2)).toHaveLength(12 * (count - 1));
        expect(sharers.filter((size) => size === 3)).toHaveLength(8);
        expect(sharers).toHaveLength(12 * (count - 1) + 8);
    }
});

test(`the samples of a coarse level are among the finer one's (seed ${seed})`, () => {
    const random = new Random(seed);
    for (let run = 0; run < 5_000; run++) {
        const count = random.pick(COUNTS);
        const [face, i, k] = [random.whole(0, 5), random.whole(-4, count + 4), random.whole(-4, count + 4)];
        expect(placeOf(face, 8 * i, 8 * k, 8 * count)).toEqual(placeOf(face, i, k, count));
    }
});

test(`a direction's face and coordinates lead back to it (seed ${seed})`, () => {
    const random = new Random(seed);
    const [direction, chart] = [new Float64Array(3), new Float64Array(2)];
    for (let run = 0; run < 10_000; run++) {
        const [x, y, z] = [random.between(-1, 1), random.between(-1, 1), random.between(-1, 1)];
        directionToRef({ x: x * 7e6, y: y * 7e6, z: z * 7e6 }, direction);
        const face = faceOf(direction);
        chartToRef(face, direction, chart);
        const count = 2 ** 40;
        const place = placeOf(face, ...([...chart].map((s) => ((s + 1) / 2) * count) as [number, number]), count);
        const isUnit = Math.abs(lengthOf([...direction]) - 1) < 1e-15;
        const isOnFace = Math.max(...chart.map(Math.abs)) <= 1 + 1e-15;
        const error = lengthOf(minus(place, [...direction]));
        expect([x, y, z, isUnit, isOnFace, error < 1e-15]).toEqual([x, y, z, true, true, true]);
    }
});

test("edges and corners belong to their first face in the order Y, X, Z, and the middle to +Y", () => {
    const faceAt = (x: number, y: number, z: number) => {
        const direction = new Float64Array(3);
        directionToRef({ x, y, z }, direction);
        const cell = new Int32Array(3);
        cellAtToRef(direction, 4, cell);
        expect(cell.every((value, at) => value >= 0 && value <= (at === 0 ? 5 : 3))).toBe(true);
        return cell[0];
    };
    expect([faceAt(1, 0, 0), faceAt(-1, 0, 0), faceAt(0, 1, 0), faceAt(0, -1, 0)]).toEqual([0, 1, 2, 3]);
    expect([faceAt(0, 0, 1), faceAt(0, 0, -1), faceAt(0, 0, 0), faceAt(-0, -0, -0)]).toEqual([4, 5, 2, 2]);
    for (const a of [-1, 1]) {
        for (const b of [-1, 1]) {
            expect(faceAt(a, b, 0)).toBe(b > 0 ? 2 : 3);
            expect(faceAt(0, a, b)).toBe(a > 0 ? 2 : 3);
            expect(faceAt(a, 0, b)).toBe(a > 0 ? 0 : 1);
            expect([faceAt(a, 1, b), faceAt(a, -1, b)]).toEqual([2, 3]);
        }
    }
});

test("a cell beyond a border is the neighbour's whose middle is there; beyond a corner there is none", () => {
    const folded = new Int32Array(3);
    for (const count of [1, 2, 8, 2 ** 20]) {
        const last = count - 1;
        for (const face of FACES) {
            for (const along of new Set([0, last >> 1, last])) {
                for (const [x, z] of [
                    [-1, along],
                    [count, along],
                    [along, -1],
                    [along, count],
                ] as const) {
                    expect(foldCellToRef(face, x, z, count, folded)).toBe(true);
                    const [next, nextX, nextZ] = folded;
                    expect(next === face).toBe(false);
                    const middle = placeOf(next!, 2 * nextX! + 1, 2 * nextZ! + 1, 2 * count);
                    expect(middle).toEqual(placeOf(face, 2 * x + 1, 2 * z + 1, 2 * count));
                    cellAtToRef(Float64Array.from(middle), count, folded);
                    expect([...folded]).toEqual([next, nextX, nextZ]);
                }
            }
            for (const [x, z] of [
                [-1, -1],
                [-1, count],
                [count, -1],
                [count, count],
            ] as const) {
                expect(foldCellToRef(face, x, z, count, folded)).toBe(false);
            }
            expect(foldCellToRef(face, last, 0, count, folded)).toBe(true);
            expect([...folded]).toEqual([face, last, 0]);
        }
    }
});

test(`a place well within a cell is the cell's (seed ${seed})`, () => {
    const random = new Random(seed);
    const cell = new Int32Array(3);
    for (let run = 0; run < 10_000; run++) {
        const count = 2 ** random.whole(0, 20);
        const [face, x, z] = [random.whole(0, 5), random.whole(0, count - 1), random.whole(0, count - 1)];
        // Anything in the cell's middle half is the cell's.
        const [i, k] = [4 * x + random.whole(1, 3), 4 * z + random.whole(1, 3)];
        cellAtToRef(Float64Array.from(placeOf(face, i, k, 4 * count)), count, cell);
        expect([...cell]).toEqual([face, x, z]);
    }
});

test(`vectors and boxes along a face's axes are those along the planet's (seed ${seed})`, () => {
    const random = new Random(seed);
    for (const face of FACES) {
        const turned = new Float64Array(3);
        toFaceToRef(face, Float64Array.from(placeOf(face, 3, 6, 8)), turned);
        expect(turned[0]! / turned[2]!).toBeCloseTo(warp(-0.25), 14);
        expect(turned[1]! / turned[2]!).toBeCloseTo(warp(0.5), 14);
        expect(turned[2]).toBeGreaterThan(0);
        const low = [0, 1, 2].map(() => random.between(-9, 9));
        const box = Float64Array.from([...low, ...low.map((value) => value + random.between(0, 9))]);
        const [faceBox, back] = [new Float64Array(6), new Float64Array(6)];
        boxToFaceToRef(face, box, faceBox);
        boxFromFaceToRef(face, faceBox, back);
        expect([...back]).toEqual([...box]);
        const inside = box.subarray(0, 3).map((value, axis) => value + random.next() * (box[axis + 3]! - value));
        toFaceToRef(face, inside, turned);
        expect(turned.every((value, at) => value >= faceBox[at]! && value <= faceBox[at + 3]!)).toBe(true);
    }
});

test("samples are 0.71 to 1.09 times as far apart as in a face's middle, and cells differ by 1.45 in area", () => {
    const count = 128;
    const middle = (0.75 * 2) / count;
    let [least, greatest, smallest, largest] = [Infinity, 0, Infinity, 0];
    for (let k = 0; k < count; k++) {
        for (let i = 0; i < count; i++) {
            const [at, right, forward] = [
                placeOf(2, i, k, count),
                placeOf(2, i + 1, k, count),
                placeOf(2, i, k + 1, count),
            ];
            const [a, b] = [minus(right, at), minus(forward, at)];
            least = Math.min(least, lengthOf(a) / middle, lengthOf(b) / middle);
            greatest = Math.max(greatest, lengthOf(a) / middle, lengthOf(b) / middle);
            const dot = a[0]! * b[0]! + a[1]! * b[1]! + a[2]! * b[2]!;
            const area = Math.sqrt(lengthOf(a) ** 2 * lengthOf(b) ** 2 - dot * dot);
            smallest = Math.min(smallest, area);
            largest = Math.max(largest, area);
        }
    }
    expect(least).toBeGreaterThan(Math.SQRT1_2 - 1e-3);
    expect(least).toBeLessThan(Math.SQRT1_2 + 1e-2);
    expect(greatest).toBeGreaterThan(1.0864);
    expect(greatest).toBeLessThan(1.0865);
    expect(largest / smallest).toBeGreaterThan(1.43);
    expect(largest / smallest).toBeLessThan(1.45);
});
