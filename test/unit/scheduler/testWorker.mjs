// A worker that does what the level of a chunk's address says.
import { performance } from "node:perf_hooks";
import workerpool from "workerpool";

const now = () => performance.timeOrigin + performance.now();
const sleep = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
let baked = 0;

const LEVELS = {
    good: 0,
    exits: 1,
    hangs: 2,
    throws: 3,
    sleeps: 4,
    outgrows: 5,
};

function bake({ id, address, buffer }) {
    const startedMs = now();
    switch (address.level) {
        case LEVELS.exits:
            process.exit(3);
            break;
        case LEVELS.hangs:
            sleep(1e9);
            break;
        case LEVELS.throws:
            throw Object.assign(new Error("the handler threw"), { code: "TEST_THROWN" });
        case LEVELS.sleeps:
            sleep(address.x);
            break;
    }
    const larger = address.level === LEVELS.outgrows ? new ArrayBuffer(buffer.byteLength * 2) : null;
    const filled = larger ?? buffer;
    new Int32Array(filled, 0, 2).set([address.x, ++baked]);
    const stageMs = [0, 0, 0, 0, 0, 0, 0];
    const unused = larger === null ? null : buffer;
    return { id, ok: true, buffer: filled, byteLength: 8, stageMs, startedMs, endedMs: now(), unused };
}

workerpool.worker({
    bakeBatch({ tasks }) {
        const outcomes = tasks.map(bake);
        const buffers = outcomes.flatMap(({ buffer, unused }) => (unused === null ? [buffer] : [buffer, unused]));
        return new workerpool.Transfer({ outcomes }, buffers);
    },
    ping: () => "pong",
});
