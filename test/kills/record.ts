/** Files of a writer that is killed: what is in them follows from their key and version, so that half of one shows. */

/** Keys that a writer writes, some of them at once. */
export const KEYS: readonly string[] = Array.from({ length: 24 }, (_, i) => `0/${i % 5}/${i}.trn`);
/** Writers at once; each has keys of its own, so that a key's versions follow one another. */
export const LANES = 4;

/** Returns numbers from 0 to below 1 that follow from a seed. */
export function randomOf(seed: number): () => number {
    let state = seed >>> 0;
    return () => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        return state / 2 ** 32;
    };
}

/** Returns the file of a key's version: the version, then up to 200 KB of noise. */
export function recordOf(key: string, version: number): Uint8Array {
    const random = randomOf(Math.imul(KEYS.indexOf(key) + 1, 2654435761) ^ Math.imul(version, 40503));
    const words = new Uint32Array(16 + Math.floor(random() ** 3 * 50_000));
    for (let i = 1; i < words.length; i++) {
        words[i] = random() * 2 ** 32;
    }
    words[0] = version;
    return new Uint8Array(words.buffer);
}

/** Returns the version of a file; null where it is not whole. */
export function versionOf(key: string, bytes: Uint8Array): number | null {
    if (bytes.byteLength < 4) {
        return null;
    }
    const version = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
    const whole = recordOf(key, version);
    return whole.length === bytes.length && whole.every((byte, i) => byte === bytes[i]) ? version : null;
}

/** What is found below a key: its version, `none`, or `damaged`. */
export type Finding = number | "none" | "damaged";

export interface Counts {
    kills: number;
    /** Files that were found and are not whole. */
    damaged: number;
    /** Acknowledged writes that are gone. */
    lost: number;
    /** Acknowledged writes. */
    writes: number;
}

/** What was acknowledged, and whether it is still there. */
export class Ledger {
    public readonly counts: Counts = { kills: 0, damaged: 0, lost: 0, writes: 0 };
    private readonly _acknowledged = new Map<string, number>();
    private _highest = 0;

    /** A version after all that may have been written. */
    public get nextVersion(): number {
        return this._highest + 1;
    }

    public acknowledge(key: string, version: number): void {
        this.counts.writes++;
        this._acknowledged.set(key, Math.max(version, this._acknowledged.get(key) ?? 0));
        this._highest = Math.max(this._highest, version);
    }

    /** Counts what is found after a kill; a version that was written, and not acknowledged before the kill, is as good. */
    public check(findings: readonly Finding[], say: (fault: string) => void): void {
        this.counts.kills++;
        findings.forEach((found, i) => {
            const key = KEYS[i]!;
            const acknowledged = this._acknowledged.get(key);
            if (found === "damaged") {
                this.counts.damaged++;
                say(`kill ${this.counts.kills}: ${key} is damaged`);
            } else if (acknowledged !== undefined && (found === "none" || found < acknowledged)) {
                this.counts.lost++;
                say(`kill ${this.counts.kills}: ${key} is ${found}, and version ${acknowledged} was acknowledged`);
            }
            this._highest = Math.max(this._highest, typeof found === "number" ? found : 0);
        });
    }
}
