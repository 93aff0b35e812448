import type { FieldTable } from "./fieldTable.js";

/** Edits after which a name still counts as a typing mistake. */
const MAX_EDITS = 2;
/** What the same name in another section counts for: more than no edit, less than one. */
const ELSEWHERE = 0.5;
/** What a name that was cut short counts for, and from how many characters on it is one. */
const CUT_SHORT = 1.5;
const LEAST_CUT = 4;

type Keys = readonly string[];

/**
 * Returns the known field that the author of an unknown one probably meant: a name like it in the same section, or one that
 * it begins, else the same name in another section. Undefined where nothing comes near.
 *
 * @param keys path of the unknown field
 * @param table all known fields
 */
export function nearestField(keys: Keys, table: FieldTable): Keys | undefined {
    const name = keys.at(-1)!.toLowerCase();
    const section = keys.slice(0, -1);
    let best: Keys | undefined;
    let fewest = Math.min(MAX_EDITS, Math.floor(name.length / 3)) + 1;
    for (const path of pathsOf(table, [])) {
        const last = path.at(-1)!.toLowerCase();
        const isSibling = path.length === keys.length && section.every((key, i) => key === path[i]);
        const edits = isSibling ? differenceOf(name, last) : last === name ? ELSEWHERE : Infinity;
        if (edits < fewest) {
            fewest = edits;
            best = path;
        }
    }
    return best;
}

function differenceOf(name: string, known: string): number {
    const edits = editDistance(name, known);
    return name.length >= LEAST_CUT && known.startsWith(name) ? Math.min(edits, CUT_SHORT) : edits;
}

function pathsOf(table: FieldTable, prefix: Keys): Keys[] {
    return Object.entries(table).flatMap(([key, { fields }]) => {
        const path = [...prefix, key];
        return fields === undefined ? [path] : [path, ...pathsOf(fields, path)];
    });
}

/** Source: Wagner and Fischer, The string-to-string correction problem, 1974. Infinite where it is above `MAX_EDITS` anyway. */
function editDistance(a: string, b: string): number {
    if (Math.abs(a.length - b.length) > MAX_EDITS) {
        return Infinity;
    }
    let row = Array.from({ length: b.length + 1 }, (_, i) => i);
    for (let i = 1; i <= a.length; i++) {
        const next = [i];
        for (let j = 1; j <= b.length; j++) {
            const swap = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
            next.push(Math.min(swap, row[j]! + 1, next[j - 1]! + 1));
        }
        row = next;
    }
    return row[b.length]!;
}
