import { ApplyBudget } from "../../../src/runtime/applyBudget.js";
import { UploadQueue } from "../../../src/runtime/uploadQueue.js";
import { UploadBudget } from "../../../src/runtime/uploadBudget.js";
import { ChunkRecord } from "../../../src/residency/chunkRecord.js";

const BYTES = 100_000;

interface Item {
    readonly record: ChunkRecord;
    readonly priority: number;
}

/** A world's queue of uploads, each of 100,000 bytes, and its share of the budget. */
function queueOf(spent: ApplyBudget, count: number) {
    const budget = new UploadBudget(spent);
    const queue = new UploadQueue<Item>(({ priority }) => priority);
    for (let priority = 0; priority < count; priority++) {
        queue.add({ record: new ChunkRecord(), priority });
    }
    return { budget, queue };
}

/** How many of a queue's chunks a frame takes, each of which costs `ms`. */
function drain(
    { budget, queue }: ReturnType<typeof queueOf>,
    ms: number,
    budgetBytes: number,
    lastFrameMs = 0,
    isNewView = false,
): number {
    budget.beginFrame(lastFrameMs, 2, budgetBytes, isNewView);
    let taken = 0;
    for (let item = queue.peek(); item !== null && budget.allows(BYTES); item = queue.peek()) {
        taken++;
        queue.remove(item);
        budget.spend(BYTES, ms);
    }
    return taken;
}

test("two worlds of a scene share a frame's bytes", () => {
    const spent = new ApplyBudget();
    const [first, second] = [queueOf(spent, 9), queueOf(spent, 9)];
    spent.begin();
    expect(drain(first, 0, 5 * BYTES)).toBe(5);
    expect(drain(second, 0, 5 * BYTES)).toBe(0);
    spent.begin();
    expect(drain(second, 0, 5 * BYTES)).toBe(5);
});

test("and its milliseconds; what does not fit waits, the most urgent first", () => {
    const spent = new ApplyBudget();
    const [first, second] = [queueOf(spent, 9), queueOf(spent, 9)];
    spent.begin();
    // Over 2 ms after the third.
    expect(drain(first, 0.8, 1e9)).toBe(3);
    expect(drain(second, 0.8, 1e9)).toBe(0);
    expect(spent.usedMs).toBeCloseTo(2.4);
    spent.begin();
    const { queue } = first;
    expect(queue.priority).toBe(3);
    queue.remove(queue.peek()!);
    expect(queue.priority).toBe(4);
});

test("one a frame always may, however large and slow", () => {
    const spent = new ApplyBudget();
    const queue = queueOf(spent, 3);
    spent.begin();
    expect(drain(queue, 50, 1)).toBe(1);
    spent.begin();
    expect(drain(queue, 50, 1)).toBe(1);
});

/** How many chunks of 1 ms a frame takes that follows one of `lastFrameMs`. */
function takenAfter(lastFrameMs: number, isNewView = false): number {
    const spent = new ApplyBudget();
    spent.begin();
    return drain(queueOf(spent, 900), 1, 1e9, lastFrameMs, isNewView);
}

test("after a long frame there is more to spend, up to half a second's share", () => {
    // The one that exceeds the budget is taken, too.
    expect([0, 8, 16, 100, 600, 1000, 60_000].map((ms) => takenAfter(ms))).toEqual([3, 3, 3, 13, 61, 61, 61]);
});

test("a world whose view is new may spend twice as much", () => {
    expect([0, 16, 100, 1000].map((ms) => takenAfter(ms, true))).toEqual([5, 5, 25, 121]);
});

test("what the last frame spent itself makes no larger budget", () => {
    const spent = new ApplyBudget();
    const world = queueOf(spent, 900);
    let frameMs = 100;
    const taken: number[] = [];
    for (let frame = 0; frame < 5; frame++) {
        spent.begin();
        taken.push(drain(world, 4, 1e9, frameMs));
        frameMs = 100 + spent.usedMs;
    }
    expect(taken).toEqual([4, 4, 4, 4, 4]);
});

test("bytes grow as milliseconds do", () => {
    const spent = new ApplyBudget();
    spent.begin();
    expect(drain(queueOf(spent, 900), 0, 2 * BYTES, 50)).toBe(6);
    spent.begin();
    expect(drain(queueOf(spent, 900), 0, 2 * BYTES, 50, true)).toBe(12);
});
