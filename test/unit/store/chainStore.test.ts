import { ChainStore } from "../../../src/store/chainStore.js";
import { MemoryStore } from "../../../src/store/memoryStore.js";
import type { Store, StoreRequest, StoreResult, StoreResultCallback } from "../../../src/store/store.js";
import { TestClock } from "./testClock.js";

const BYTES = Uint8Array.of(1, 2, 3);
const FOUND = { status: "found", bytes: BYTES };

/** A store that answers as it is told to, notes who asks, and takes nothing. */
class ToldStore extends MemoryStore {
    public readonly asked: string[] = [];
    public holds: boolean | undefined = undefined;

    public constructor(
        private readonly _answerAsync: (request: StoreRequest) => StoreResult | Promise<StoreResult>,
        public override readonly isWritable: true = true,
    ) {
        super();
    }

    public override has(): boolean {
        return this.holds as boolean;
    }

    public override async getManyAsync(
        requests: readonly StoreRequest[],
        onResult: StoreResultCallback,
    ): Promise<void> {
        this.asked.push(...requests.map(({ key }) => key));
        await Promise.all(requests.map(async (request, index) => onResult(index, await this._answerAsync(request))));
    }
}

const saying = (result: StoreResult): ToldStore => new ToldStore(() => result);
const missing = (): ToldStore => saying({ status: "missing" });
const damaged = (): ToldStore => saying({ status: "damaged", reason: "is torn" });
const unavailable = (): ToldStore => saying({ status: "unavailable", reason: "It is away." });
const holding = (): ToldStore => new ToldStore(() => ({ status: "found", bytes: BYTES.slice() }));

test.each<[string, () => ToldStore]>([
    ["misses", missing],
    ["is damaged", damaged],
    ["is unavailable", unavailable],
    ["throws", () => new ToldStore(() => Promise.reject(new Error("oh")))],
])("a store that %s is followed by the next, whose bytes are then written to it", async (_, make) => {
    const [first, second] = [make(), holding()];
    const chain = new ChainStore([first, second]);
    expect(await chain.getAsync({ key: "a" })).toEqual(FOUND);
    await chain.settledAsync();
    expect(await first.getAsync({ key: "a" })).toEqual(FOUND);
    expect(chain.statsOf()[0]).toMatchObject({ hits: 0, bytesWritten: 3 });
    expect(chain.statsOf()[1]).toMatchObject({ hits: 1, bytesRead: 3, bytesWritten: 0 });
});

test("what the asker refuses is asked of the next store, and only what it takes is written back", async () => {
    const [first, second] = [new MemoryStore(), new MemoryStore()];
    await first.putAsync("a", Uint8Array.of(9));
    await second.putAsync("a", BYTES);
    const chain = new ChainStore([first, second]);
    const inspectAsync = async (bytes: Uint8Array): Promise<string | null> => (bytes[0] === 1 ? null : "is another");
    expect(await chain.getAsync({ key: "a", inspectAsync })).toEqual(FOUND);
    await chain.settledAsync();
    expect(await first.getAsync({ key: "a" })).toEqual(FOUND);
    expect(chain.statsOf().map((stats) => stats.damaged)).toEqual([1, 0]);
});

test("the answer of a chain that finds nothing is the worst of its stores'", async () => {
    const answerAsync = (...stores: Store[]): Promise<StoreResult> => new ChainStore(stores).getAsync({ key: "a" });
    expect(await answerAsync(missing(), missing())).toEqual({ status: "missing" });
    expect((await answerAsync(unavailable(), missing())).status).toBe("unavailable");
    expect((await answerAsync(unavailable(), damaged(), missing())).status).toBe("damaged");
    expect((await answerAsync(damaged(), unavailable())).status).toBe("damaged");
    expect(await answerAsync()).toEqual({ status: "missing" });
});

test("a store that knows it has nothing is passed over without a call, and nobody waits for it", async () => {
    let answer = (): void => {};
    const slow = new ToldStore(() => new Promise((resolve) => (answer = () => resolve({ status: "missing" }))));
    slow.has = (key?: string) => key === "slow";
    const last = holding();
    const chain = new ChainStore([slow, last]);
    const results: string[] = [];
    const asking = chain.getManyAsync([{ key: "slow" }, { key: "fast" }], (index, { status }) =>
        results.push(`${index} ${status}`),
    );
    await new Promise((resolve) => setImmediate(resolve));
    expect(results).toEqual(["1 found"]);
    answer();
    await asking;
    expect(results).toEqual(["1 found", "0 found"]);
    expect(slow.asked).toEqual(["slow"]);
    expect(chain.statsOf().map(({ misses }) => misses)).toEqual([2, 0]);
});

test("has: yes where one has it, no where none has, else unknown", () => {
    const hasOf = (...answers: (boolean | undefined)[]): boolean | undefined =>
        new ChainStore(answers.map((holds) => Object.assign(missing(), { holds }))).has("a");
    expect([hasOf(false, true), hasOf(undefined, true), hasOf(false, false)]).toEqual([true, true, false]);
    expect([hasOf(undefined, false), hasOf(false, undefined), hasOf()]).toEqual([undefined, undefined, false]);
});

test("one abort ends all, and what is written back is the chain's own", async () => {
    const abort = new AbortController();
    const first = new ToldStore(() => {
        abort.abort();
        return { status: "missing" };
    });
    const second = holding();
    const chain = new ChainStore([first, second]);
    expect(await chain.getAsync({ key: "a", signal: abort.signal })).toEqual({ status: "aborted" });
    expect(second.asked).toEqual([]);
    const found = (await new ChainStore([missing(), holding()]).getAsync({ key: "a" })) as { bytes: Uint8Array };
    const other = new ChainStore([missing(), saying({ status: "found", bytes: found.bytes })]);
    await other.getAsync({ key: "a" });
    found.bytes.fill(0);
    await other.settledAsync();
    expect(await (other.stores[0] as MemoryStore).getAsync({ key: "a" })).toEqual(FOUND);
});

test("what waits to be written is bounded, failures to write are counted and nobody's else", async () => {
    const first = missing();
    first.putAsync = () => new Promise(() => {});
    const chain = new ChainStore([first, holding()], { maxWaitingBytes: 7 });
    const puts: string[] = [];
    first.putAsync = (key) => (puts.push(key), new Promise(() => {}));
    for (const key of ["a", "a", "b", "c"]) {
        expect(await chain.getAsync({ key })).toEqual(FOUND);
    }
    expect(puts).toEqual(["a", "b"]);
    const full = missing();
    full.putAsync = async () => ({ status: "refused", reason: "no room" });
    const failing = new ChainStore([full, holding()]);
    expect(await failing.getAsync({ key: "a" })).toEqual(FOUND);
    await failing.settledAsync();
    expect(failing.statsOf()[0]).toMatchObject({ failed: 1, bytesWritten: 0 });
});

test("puts go to the first store that takes them, what a user made to all", async () => {
    const [refusing, first, second] = [new MemoryStore({ limitBytes: 1 }), new MemoryStore(), new MemoryStore()];
    const chain = new ChainStore([refusing, first, second]);
    expect(await chain.putAsync("a", BYTES)).toEqual({ status: "stored" });
    expect([refusing.has("a"), first.has("a"), second.has("a")]).toEqual([false, true, false]);
    expect(chain.statsOf().map(({ failed, bytesWritten }) => [failed, bytesWritten])).toEqual([[1, 0], [0, 3], [0, 0]]); // prettier-ignore
    expect(await chain.putAsync("edits", BYTES, { isIrreplaceable: true })).toEqual({ status: "stored" });
    expect([refusing.has("edits"), first.has("edits"), second.has("edits")]).toEqual([true, true, true]);
    second.putAsync = async () => ({ status: "refused", reason: "no room" });
    expect(await chain.putAsync("more", BYTES, { isIrreplaceable: true })).toMatchObject({ status: "refused" });
    expect(await chain.deleteAsync("a")).toEqual({ status: "deleted" });
    expect(first.has("a")).toBe(false);
    expect(await new ChainStore([]).putAsync("a", BYTES)).toMatchObject({ status: "refused" });
});

test("a chain in a chain is one store, and its stores have their own statistics", async () => {
    const clock = new TestClock();
    const slow = new ToldStore(async () => {
        await clock.waitAsync(slow.asked.length);
        return { status: "found", bytes: BYTES };
    });
    const inner = new ChainStore([missing(), slow], { clock });
    const outer = new ChainStore([missing(), inner], { clock });
    for (let i = 0; i < 20; i++) {
        await clock.runAsync(outer.getAsync({ key: `${i}` }));
    }
    expect(outer.statsOf().map(({ name, hits, misses }) => [name, hits, misses])).toEqual([
        ["memory", 0, 20],
        ["memory", 0, 20],
        ["memory", 20, 0],
    ]);
    expect(outer.statsOf()[2]).toMatchObject({ latencyMsP50: 10, latencyMsP95: 19, retries: 0, bytesRead: 60 });
});

test("closing ends what is written, and closes all stores", async () => {
    const first = missing();
    let signal: AbortSignal | undefined;
    first.putAsync = (_key, _bytes, options) =>
        new Promise((resolve) => {
            signal = options!.signal;
            signal!.addEventListener("abort", () => resolve({ status: "aborted" }));
        });
    const chain = new ChainStore([first, holding()]);
    await chain.getAsync({ key: "a" });
    await chain.closeAsync();
    expect(signal!.aborted).toBe(true);
    expect(await first.listAsync()).toMatchObject({ status: "unavailable" });
});
