import { killProcessesAsync } from "../../kills/killProcesses.js";
import { KEYS, Ledger, recordOf, versionOf } from "../../kills/record.js";

const seed = Number(process.env["TERRANE_TEST_SEED"] ?? 1);

test(`ten kills of a process that writes into a folder: nothing is damaged, nothing acknowledged is lost (seed ${seed})`, async () => {
    const faults: string[] = [];
    const counts = await killProcessesAsync(10, seed, (fault) => faults.push(fault));
    expect(faults).toEqual([]);
    expect(counts).toMatchObject({ kills: 10, damaged: 0, lost: 0 });
    expect(counts.writes).toBeGreaterThan(10);
});

test("half a file, a changed one, an older one and a missing one would be seen", () => {
    const bytes = recordOf(KEYS[0]!, 7);
    expect(versionOf(KEYS[0]!, bytes)).toBe(7);
    expect(versionOf(KEYS[0]!, bytes.subarray(0, -1))).toBeNull();
    expect(versionOf(KEYS[0]!, recordOf(KEYS[1]!, 7))).toBeNull();
    const flipped = bytes.slice();
    flipped[40]! ^= 1;
    expect(versionOf(KEYS[0]!, flipped)).toBeNull();
    const ledger = new Ledger();
    ledger.acknowledge(KEYS[0]!, 7);
    ledger.acknowledge(KEYS[1]!, 7);
    ledger.acknowledge(KEYS[2]!, 7);
    ledger.check([6, "none", 8, "damaged"], () => {});
    expect(ledger.counts).toEqual({ kills: 1, damaged: 1, lost: 2, writes: 3 });
});
