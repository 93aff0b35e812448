import fc from "fast-check";
import { TerraneError } from "../../../src/base/errors.js";
import { ByteLru } from "../../../src/memory/byteLru.js";

function lruWithLog(limitBytes: number): { lru: ByteLru<string>; evicted: string[] } {
    const evicted: string[] = [];
    return { lru: new ByteLru<string>(limitBytes, (key, value) => evicted.push(`${key}:${value}`)), evicted };
}

test("what was used longest ago leaves first, counted in bytes", () => {
    const { lru, evicted } = lruWithLog(100);
    lru.set(1, "a", 40);
    lru.set(2, "b", 40);
    expect(lru.get(1)).toBe("a");
    lru.set(3, "c", 30);
    expect(evicted).toEqual(["2:b"]);
    expect([lru.bytes, lru.count, lru.has(1), lru.has(2)]).toEqual([70, 2, true, false]);
});

test("looking with has is no use", () => {
    const { lru, evicted } = lruWithLog(2);
    lru.set(1, "a", 1);
    lru.set(2, "b", 1);
    lru.has(1);
    lru.set(3, "c", 1);
    expect(evicted).toEqual(["1:a"]);
});

test("a lower limit evicts at once, a value above the limit does not stay", () => {
    const { lru, evicted } = lruWithLog(10);
    lru.set(1, "a", 4);
    lru.set(2, "b", 4);
    lru.limitBytes = 5;
    expect(evicted).toEqual(["1:a"]);
    lru.set(3, "c", 6);
    expect(evicted).toEqual(["1:a", "2:b", "3:c"]);
    expect([lru.bytes, lru.count]).toEqual([0, 0]);
});

test("a replaced value is evicted, the same value set again is not; delete hands over without evicting", () => {
    const { lru, evicted } = lruWithLog(10);
    lru.set(1, "a", 4);
    lru.set(1, "a", 5);
    expect([evicted, lru.bytes]).toEqual([[], 5]);
    lru.set(1, "b", 6);
    expect([evicted, lru.bytes]).toEqual([["1:a"], 6]);
    expect(lru.delete(1)).toBe("b");
    expect(lru.delete(1)).toBeUndefined();
    expect([evicted, lru.bytes, lru.get(1)]).toEqual([["1:a"], 0, undefined]);
});

test("clear evicts all, empty values too", () => {
    const { lru, evicted } = lruWithLog(10);
    lru.set(1, "a", 0);
    lru.set(2, "b", 3);
    lru.clear();
    expect(evicted).toEqual(["1:a", "2:b"]);
    expect([lru.count, lru.bytes]).toEqual([0, 0]);
});

test("wrong sizes throw", () => {
    const { lru } = lruWithLog(10);
    expect(() => lru.set(1, "a", NaN)).toThrow(TerraneError);
    expect(() => (lru.limitBytes = -1)).toThrow(/limitBytes is -1/);
    expect([lru.count, lru.limitBytes]).toEqual([0, 10]);
});

test("agrees with a plain list after any sequence of steps", () => {
    const step = fc.record({
        kind: fc.constantFrom("set", "set", "get", "delete", "limit"),
        key: fc.nat(6),
        bytes: fc.nat(30),
    });
    fc.assert(
        fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
            let model: { key: number; value: number; bytes: number }[] = [];
            let limit = 60;
            const expected: number[] = [];
            const evicted: number[] = [];
            const lru = new ByteLru<number>(limit, (_key, value) => evicted.push(value));
            steps.forEach(({ kind, key, bytes }, value) => {
                const at = model.findIndex((entry) => entry.key === key);
                if (kind === "get") {
                    expect(lru.get(key)).toBe(model[at]?.value);
                    if (at >= 0) {
                        model.push(...model.splice(at, 1));
                    }
                } else if (kind === "delete") {
                    expect(lru.delete(key)).toBe(model[at]?.value);
                    model = model.filter((entry) => entry.key !== key);
                } else if (kind === "limit") {
                    limit = bytes * 3;
                    lru.limitBytes = limit;
                } else {
                    if (at >= 0) {
                        expected.push(model.splice(at, 1)[0]!.value);
                    }
                    model.push({ key, value, bytes });
                    lru.set(key, value, bytes);
                }
                while (model.reduce((sum, entry) => sum + entry.bytes, 0) > limit) {
                    expected.push(model.shift()!.value);
                }
                expect(evicted).toEqual(expected);
                expect(lru.bytes).toBe(model.reduce((sum, entry) => sum + entry.bytes, 0));
                expect(lru.count).toBe(model.length);
            });
        }),
    );
});

test("of the sixteen oldest the one that costs most goes first, older ones among equals", () => {
    const gone: number[] = [];
    const lru = new ByteLru<number>(
        20,
        (key) => gone.push(key),
        (key, ref) => {
            ref[0] = key === 7 ? 3 : key === 18 ? 9 : 1;
        },
    );
    for (let key = 0; key < 20; key++) {
        lru.set(key, key, 1);
    }
    for (let key = 20; key < 24; key++) {
        lru.set(key, key, 1);
    }
    // 18 costs most, but it was not among the sixteen oldest until others had gone.
    expect(gone).toEqual([7, 0, 1, 18]);
});
