import { BakeLatency } from "../../../src/scheduler/bakeLatency.js";

function meansOf(...[requested, sent, started, ended, received]: [number, number, number, number, number]) {
    const latency = new BakeLatency();
    for (let i = 0; i < 500; i++) {
        latency.add(requested, sent, started, ended, received);
    }
    return [latency.queuedMs, latency.bakingMs, latency.returningMs].map(Math.round);
}

test("a chunk's time goes into the queue, the worker and the way back", () => {
    expect(meansOf(100, 130, 140, 150, 157)).toEqual([30, 20, 7]);
});

test("a worker's clock that runs apart makes no part negative", () => {
    expect(meansOf(100, 130, 125, 128, 127)).toEqual([30, 3, 0]);
    expect(meansOf(100, 130, 90, 95, 140)).toEqual([30, 5, 45]);
});
