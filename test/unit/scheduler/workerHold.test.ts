import { WorkerHold } from "../../../src/scheduler/workerHold.js";
import { FakeExecutor, HoldingExecutor } from "./fakeExecutor.js";

function setUp() {
    const executor = new HoldingExecutor(1);
    return { executor, hold: new WorkerHold({ executor }) };
}

test.each([
    [0, 2],
    [12, 2],
    [16.7, 2],
    [24.9, 2],
    [25, 7],
    [33.3, 9],
    [40, 10],
    [100, 25],
    [1000, 32],
    [1e6, 32],
])("with frames of %d ms a worker may hold %d batches", (frameMs, batches) => {
    const { executor, hold } = setUp();
    hold.frameMs = frameMs;
    hold.apply();
    expect(executor.batchesPerWorker).toBe(batches);
});

test.each([
    [0, 2],
    [7, 2],
    [16.7, 5],
    [24.9, 7],
    [1000, 32],
])("with frames of %d ms a worker may hold %d batches where the view is new", (frameMs, batches) => {
    const { executor, hold } = setUp();
    hold.frameMs = frameMs;
    hold.isHurried = true;
    hold.apply();
    expect(executor.batchesPerWorker).toBe(batches);
});

test("a worker may hold as little as ever until the last suspect is back", () => {
    const { executor, hold } = setUp();
    hold.frameMs = 100;
    const held: [number, number][] = [];
    const note = () => {
        hold.apply();
        held.push([hold.suspectCount, executor.batchesPerWorker]);
    };
    hold.countSent({ losses: 0 });
    note();
    hold.countSent({ losses: 1 });
    hold.countSent({ losses: 2 });
    note();
    hold.countBack({ losses: 1 });
    hold.countBack({ losses: 0 });
    note();
    hold.countBack({ losses: 2 });
    note();
    expect(held).toEqual([
        [0, 25],
        [2, 2],
        [1, 2],
        [0, 25],
    ]);
});

test("an executor that cannot hold more is told nothing", () => {
    const executor = new FakeExecutor();
    const hold = new WorkerHold({ executor });
    hold.frameMs = 1000;
    hold.apply();
    expect("batchesPerWorker" in executor).toBe(false);
});

test.each([
    ["where nobody hurries", false, 16, 8, 8],
    ["where all wait for the whole", true, 16, 8, 32],
    ["where all wait for the whole and frames are almost long", true, 24.9, 8, 32],
    ["but while frames are long", true, 25, 8, 8],
    ["where more are allowed anyway", true, 16, 64, 64],
])("a batch has at most as many chunks: %s", (_, isHurried, frameMs, maxBatchSize, most) => {
    const hold = new WorkerHold({ executor: new HoldingExecutor(1), maxBatchSize });
    Object.assign(hold, { isHurried, frameMs });
    expect(hold.mostInBatch).toBe(most);
});
