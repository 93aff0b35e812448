/** Edits after which a name still counts as a typing mistake. */
const MAX_EDITS = 2;

type Keys = readonly string[];

/**
 * The known field that the author of an unknown one probably meant: a name like it in the same section, else the same
 * name in another section. Undefined where nothing comes near.
 *
 * @param keys path of the unknown field; @param known an object that has every known field
 */
export function nearestField(keys: Keys, known: object): Keys | undefined {
    const name = keys.at(-1)!.toLowerCase();
    const section = keys.slice(0, -1);
    let best: Keys | undefined;
    let fewest = Math.min(MAX_EDITS, Math.floor(name.length / 3)) + 1;
    for (const path of pathsOf(known, [])) {
        const last = path.at(-1)!.toLowerCase();
        const isSibling = path.length === keys.length && section.every((key, i) => key === path[i]);
        const edits = isSibling ? editDistance(name, last) : last === name ? 0.5 : MAX_EDITS + 1;
        if (edits < fewest) {
            fewest = edits;
            best = path;
        }
    }
    return best;
}

function pathsOf(section: object, prefix: Keys): Keys[] {
    return Object.entries(section).flatMap(([key, value]) => {
        const path = [...prefix, key];
        const isSection = typeof value === "object" && value !== null && !Array.isArray(value);
        return isSection ? [path, ...pathsOf(value as object, path)] : [path];
    });
}

/** Source: Wagner and Fischer, The string-to-string correction problem, 1974. */
function editDistance(a: string, b: string): number {
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
