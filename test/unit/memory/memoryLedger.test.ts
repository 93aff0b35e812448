import { MemoryLedger } from "../../../src/memory/memoryLedger.js";

test("accounts add up, and the peak is kept", () => {
    const ledger = new MemoryLedger(1000);
    ledger.set("cache", 300);
    ledger.set("gpu", 400);
    ledger.set("cache", 100);
    expect([ledger.usedBytes, ledger.peakBytes]).toEqual([500, 700]);
    expect(Object.fromEntries(ledger.accounts)).toEqual({ cache: 100, gpu: 400 });
    expect([ledger.hasRoomFor(500), ledger.hasRoomFor(501)]).toEqual([true, false]);
});

test("pressure is told when memory falls short and when there is enough again, and at no other time", () => {
    const ledger = new MemoryLedger(1000);
    const told: [boolean, number][] = [];
    ledger.onPressureObservable.add(({ isShort, usedBytes }) => told.push([isShort, usedBytes]));
    for (const bytes of [899, 900, 950, 950, 899, 500]) {
        ledger.set("gpu", bytes);
    }
    ledger.limitBytes = 500;
    expect(told).toEqual([
        [true, 900],
        [false, 899],
        [true, 500],
    ]);
    expect([ledger.pressureEvents, ledger.isShort]).toEqual([2, true]);
});

test("a limit is above 0", () => {
    expect(() => new MemoryLedger(0)).toThrow(/memoryLimitBytes is 0; allowed: bytes above 0/);
    expect(() => new MemoryLedger(NaN)).toThrow(/memoryLimitBytes is NaN/);
    expect(new MemoryLedger(Infinity).hasRoomFor(1e15)).toBe(true);
});
