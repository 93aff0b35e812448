import type { Store } from "../../src/store/store.js";
import { KEYS, LANES, randomOf, recordOf, versionOf, type Finding } from "./record.js";

/** Writes files into a store, several at once, until whoever runs it is killed. Calls back for each that is acknowledged. */
export async function writeRecordsAsync(
    store: Store,
    firstVersion: number,
    seed: number,
    onStored: (key: string, version: number) => void,
): Promise<never> {
    const random = randomOf(seed);
    const laneAsync = async (lane: number): Promise<never> => {
        const keys = KEYS.filter((_, i) => i % LANES === lane);
        for (let version = firstVersion; ; version++) {
            const key = keys[Math.floor(random() * keys.length)]!;
            const result = await store.putAsync(key, recordOf(key, version), { isIrreplaceable: random() < 0.1 });
            if (result.status !== "stored") {
                throw new Error(`${key} was not stored: ${JSON.stringify(result)}`);
            }
            onStored(key, version);
        }
    };
    return Promise.race(Array.from({ length: LANES }, (_, lane) => laneAsync(lane)));
}

/** Reads all files of a store. */
export async function findRecordsAsync(store: Store): Promise<Finding[]> {
    const findings: Finding[] = [];
    await store.getManyAsync(
        KEYS.map((key) => ({ key })),
        (index, result) => {
            if (result.status !== "found" && result.status !== "missing") {
                throw new Error(`${KEYS[index]!} is ${JSON.stringify(result)}`);
            }
            findings[index] = result.status === "found" ? (versionOf(KEYS[index]!, result.bytes) ?? "damaged") : "none";
        },
    );
    return findings;
}
