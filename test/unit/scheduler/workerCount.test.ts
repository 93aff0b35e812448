import { hostCores } from "../../../src/base/host.js";
import { defaultWorkerCount } from "../../../src/scheduler/workerCount.js";

test.each([
    [undefined, 1],
    [NaN, 1],
    [0, 1],
    [-4, 1],
    [1, 1],
    [2, 1],
    [3, 2],
    [4, 3],
    [4.5, 3],
    [8, 7],
    [9, 8],
    [10, 8],
    [128, 8],
    [Infinity, 8],
])("%p cores: %i workers", (cores, workers) => {
    expect(defaultWorkerCount(cores)).toBe(workers);
});

test("the host tells its cores", () => {
    expect(hostCores()).toBeGreaterThanOrEqual(1);
});
