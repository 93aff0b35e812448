import { ApplyBudget } from "../../../src/runtime/applyBudget.js";
import { UploadQueue } from "../../../src/runtime/uploadQueue.js";
import { QuadNode } from "../../../src/lod/quadtree.js";

const BYTES = 100_000;

function queueOf(spent: ApplyBudget, count: number): UploadQueue<number> {
    const queue = new UploadQueue<number>(spent);
    for (let i = 0; i < count; i++) {
        const node = new QuadNode<number>();
        node.byteLength = BYTES;
        node.priority = i;
        queue.add(node);
    }
    return queue;
}

/** How many of a queue's nodes a frame takes, each of which costs `ms`. */
function drain(queue: UploadQueue<number>, startMs: number, ms: number, budgetBytes: number): number {
    queue.beginFrame(startMs, 2, budgetBytes);
    let taken = 0;
    while (queue.next() !== null) {
        taken++;
        queue.spend(BYTES, ms);
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
    expect(first.priority).toBe(3);
    expect(first.next()!.priority).toBe(3);
    expect(first.priority).toBe(4);
});

test("one a frame always may, however large and slow", () => {
    const spent = new ApplyBudget();
    const queue = queueOf(spent, 3);
    spent.begin();
    expect(drain(queue, 1000, 50, 1)).toBe(1);
    spent.begin();
    expect(drain(queue, 1016, 50, 1)).toBe(1);
});
