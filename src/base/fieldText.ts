import type { Field, Unit } from "./fieldTable.js";

/** How a unit begins a sentence. */
const UNIT_WORDS: Readonly<Record<Unit, string>> = {
    m: "Metres",
    px: "Pixels",
    B: "Bytes",
    MB: "Megabytes",
    ms: "Milliseconds",
    s: "Seconds",
    h: "Hours",
    "°": "Degrees",
};

const BINARY = [
    ["TiB", 2 ** 40],
    ["GiB", 2 ** 30],
    ["MiB", 2 ** 20],
    ["KiB", 2 ** 10],
] as const;

/** Returns a number as documentation writes it: `10,000`, `256 MiB`. */
export function numberText(value: number, unit?: Unit): string {
    const binary = unit === "B" ? BINARY.find(([, size]) => value >= size && value % size === 0) : undefined;
    if (binary !== undefined) {
        return `${value / binary[1]} ${binary[0]}`;
    }
    return value.toLocaleString("en-US", { maximumFractionDigits: 6 });
}

/** Returns a field's range: `50 to 1,000,000`, `a power of two from 4 to 1,024`; empty where it has none. */
export function rangeText({ type, minimum, maximum, unit }: Field): string {
    if (minimum === undefined || maximum === undefined) {
        return "";
    }
    const range = `${numberText(minimum, unit)} to ${numberText(maximum, unit)}`;
    return type === "powerOfTwo" ? `a power of two from ${range}` : range;
}

/** Returns a field's default with its unit, `10,000 m`, or in words; empty where it has none. */
export function defaultText(field: Field, withUnit = true): string {
    const { default: value, unit, defaultText: words } = field;
    if (words !== undefined) {
        return words;
    }
    if (typeof value !== "number") {
        return value === undefined ? "" : JSON.stringify(value);
    }
    const text = numberText(value, unit);
    // "256 MiB" says its unit already.
    return withUnit && unit !== undefined && !/[A-Z]$|B$/.test(text) ? `${text} ${unit}` : text;
}

/** Returns a field's documentation: unit, meaning, range, notes and default, one sentence after the other. */
export function sentencesOf(field: Field): string[] {
    const { unit, meaning, notes, isRequired, default: value, defaultText: words } = field;
    const range = rangeText(field);
    const what = unit === undefined ? capitalised(meaning) : `${UNIT_WORDS[unit]}: ${meaning}`;
    const sentences = [`${what}${range === "" ? "" : `, ${range}`}.`];
    if (notes !== undefined) {
        sentences.push(notes);
    }
    const isLong = typeof value === "object" && words === undefined;
    const fallback = isLong || isRequired === true ? "" : defaultText(field, false);
    if (fallback !== "") {
        sentences.push(`Default: ${fallback}.`);
    }
    return sentences;
}

function capitalised(text: string): string {
    return text.charAt(0).toUpperCase() + text.slice(1);
}
