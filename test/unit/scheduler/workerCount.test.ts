import { defaultWorkerCount, workerCountFor, type WorkKind } from "../../../src/scheduler/workerCount.js";

test.each([
    [undefined, 1],
    [NaN, 1],
    [0, 1],
    [1, 1],
    [2, 1],
    [3, 2],
    [4, 3],
    [8, 7],
    [9, 8],
    [64, 8],
])("%p cores: a game starts %i", (cores, workers) => {
    expect(defaultWorkerCount(cores)).toBe(workers);
});

/** Workers on 1, 2, 3, ... cores. */
const TABLE: Record<WorkKind, Record<number, number>> = {
    processor: {
        1: 1,
        2: 2,
        3: 2,
        4: 3,
        5: 4,
        6: 5,
        7: 6,
        8: 7,
        12: 11,
        16: 15,
        24: 23,
        32: 31,
        48: 47,
        63: 62,
        64: 63,
    },
    memory: { 1: 1, 2: 1, 3: 1, 4: 2, 5: 2, 6: 3, 7: 3, 8: 4, 12: 6, 16: 8, 24: 12, 32: 16, 48: 24, 63: 31, 64: 32 },
    mixed: { 1: 1, 2: 2, 3: 2, 4: 3, 5: 3, 6: 4, 7: 5, 8: 6, 12: 9, 16: 12, 24: 18, 32: 24, 48: 36, 63: 47, 64: 48 },
    hash: { 1: 1, 2: 2, 3: 1, 4: 2, 5: 2, 6: 3, 7: 3, 8: 4, 12: 6, 16: 8, 24: 12, 32: 16, 48: 24, 63: 31, 64: 32 },
};

describe.each(Object.keys(TABLE) as WorkKind[])("%s-bound work", (kind) => {
    test.each(Object.entries(TABLE[kind]))("on %s cores takes %i workers", (cores, workers) => {
        expect(workerCountFor(kind, Number(cores))).toBe(workers);
    });

    test("never takes more workers on fewer cores, from 3 on, nor more than there are cores or 64", () => {
        for (let cores = 1; cores <= 256; cores++) {
            const workers = workerCountFor(kind, cores);
            expect(workers).toBeGreaterThanOrEqual(cores > 3 ? workerCountFor(kind, cores - 1) : 1);
            expect(workers).toBeLessThanOrEqual(Math.min(cores, 64));
        }
    });

    test.each([undefined, NaN, 0, -3])("takes 1 where cores are %p", (cores) => {
        expect(workerCountFor(kind, cores)).toBe(1);
    });
});
