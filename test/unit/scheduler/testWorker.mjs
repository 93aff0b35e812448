// A worker that does what the level of a chunk's address says.
import { createRequire } from "node:module";
import { performance } from "node:perf_hooks";
import workerpool from "workerpool";

const now = () => performance.timeOrigin + performance.now();
const sleep = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
let baked = 0;
let batches = 0;

const LEVELS = {
    good: 0,
    exits: 1,
    hangs: 2,
    throws: 3,
    sleeps: 4,
    outgrows: 5,
    exhausts: 6,
    babbles: 7,
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
    if (address.level === LEVELS.exhausts) {
        for (const hoard = []; ;) {
            hoard.push(new Array(100_000).fill(hoard.length));
        }
    }
    const larger = address.level === LEVELS.outgrows ? new ArrayBuffer(buffer.byteLength * 2) : null;
    const filled = larger ?? buffer;
    new Int32Array(filled, 0, 2).set([address.x, ++baked]);
    const stageMs = [0, 0, 0, 0, 0, 0, 0];
    const unused = larger === null ? null : buffer;
    return { id, ok: true, buffer: filled, byteLength: 8, stageMs, startedMs, endedMs: now(), unused };
}

/** Every way to answer that is none. */
function babble({ address }, tasks) {
    const whole = tasks.map(bake);
    const [first] = whole;
    const answers = [
        null,
        "no",
        { outcomes: null },
        { outcomes: [] },
        { outcomes: whole.map((outcome) => ({ ...outcome, id: -1 })) },
        { outcomes: whole.map((outcome) => ({ ...outcome, buffer: 7 })) },
        { outcomes: whole.map((outcome) => ({ ...outcome, byteLength: 1e9 })) },
        { outcomes: whole.map((outcome) => ({ ...outcome, stageMs: "x" })) },
        { outcomes: whole.map((outcome) => ({ ...outcome, endedMs: NaN })) },
        { outcomes: whole.map(({ id }) => ({ id, ok: false, buffer: first.buffer })) },
        { outcomes: whole.map((outcome) => ({ ...outcome, unused: outcome.buffer })) },
    ];
    return answers[address.x % answers.length];
}

function answer({ tasks }) {
    const babbler = tasks.find(({ address }) => address.level === LEVELS.babbles);
    if (babbler !== undefined) {
        return [babble(babbler, tasks), []];
    }
    const outcomes = tasks.map(bake);
    const buffers = outcomes.flatMap(({ buffer, unused }) => (unused === null ? [buffer] : [buffer, unused]));
    return [{ outcomes, kernelBytes: ++batches * 2 ** 20, heapBytes: 0 }, buffers];
}

workerpool.worker({
    version: () => createRequire(import.meta.url)("../../../package.json").version,
    serve({ port }) {
        port.onmessage = ({ data: { id, request } }) => {
            try {
                const [response, buffers] = answer(request);
                workerpool.workerEmit(new workerpool.Transfer({ id, response }, buffers));
            } catch (error) {
                workerpool.workerEmit({ id, lost: error.message });
            }
        };
        workerpool.workerEmit("serving");
        return new Promise(() => {});
    },
});
