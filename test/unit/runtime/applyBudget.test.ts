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
    startMs: number,
    ms: number,
    budgetBytes: number,
): number {
    budget.beginFrame(startMs, 2, budgetBytes);
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
    expect(drain(first, 1000, 0, 5 * BYTES)).toBe(5);
    expect(drain(second, 1000, 0, 5 * BYTES)).toBe(0);
    spent.begin();
    expect(drain(second, 1016, 0, 5 * BYTES)).toBe(5);
});

test("and its milliseconds; what does not fit waits, the most urgent first", () => {
    const spent = new ApplyBudget();
    const [first, second] = [queueOf(spent, 9), queueOf(spent, 9)];
    spent.begin();
    // Over 2 ms after the third.
    expect(drain(first, 1000, 0.8, 1e9)).toBe(3);
    expect(drain(second, 1000, 0.8, 1e9)).toBe(0);
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
    expect(drain(queue, 1000, 50, 1)).toBe(1);
    spent.begin();
    expect(drain(queue, 1016, 50, 1)).toBe(1);
});
