/** Characters of a text that are shown. */
const MOST_TEXT = 80;

/**
 * Returns a few words that say what `value` is. Runs no code of the value's own: whatever its getters, its `toString` or a
 * proxy's traps do, it throws nothing and ends.
 */
export function describeValue(value: unknown): string {
    if (typeof value === "string") {
        return JSON.stringify(value.length > MOST_TEXT ? `${value.slice(0, MOST_TEXT - 3)}...` : value);
    }
    if (typeof value === "object" && value !== null) {
        return describeObject(value);
    }
    return typeof value === "function" ? "a function" : String(value);
}

function describeObject(value: object): string {
    try {
        if (!Array.isArray(value)) {
            return "an object";
        }
        // A proxy answers what it likes.
        const length: unknown = value.length;
        return typeof length === "number" ? `an array of ${length}` : "an array";
    } catch {
        return "an object that cannot be read";
    }
}
