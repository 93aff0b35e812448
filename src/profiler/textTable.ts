import { printable } from "../base/printable.js";

/**
 * Cells of a table, headings first; a table whose cells are all empty has none. Numbers are aligned to the right, texts
 * to the left.
 */
export interface TextTable {
    readonly title: string;
    readonly columns: readonly string[];
    readonly rows: readonly (readonly (string | number)[])[];
}

const GAP = "  ";

/** Formats a table as lines no longer than `width`; the last column is cut. Cells may hold any text. */
export function formatTable({ title, columns, rows }: TextTable, width: number): string {
    const cells = rows.map((row) => row.map((cell) => printable(typeof cell === "number" ? formatNumber(cell) : cell)));
    // No spread: there may be more rows than a call has arguments.
    const widths = columns.map((name, i) => cells.reduce((most, row) => Math.max(most, row[i]!.length), name.length));
    const isRight = columns.map((_, i) => rows.length > 0 && rows.every((row) => typeof row[i] === "number"));
    const line = (texts: readonly string[]): string =>
        texts
            .map((text, i) => (isRight[i] === true ? text.padStart(widths[i]!) : text.padEnd(widths[i]!)))
            .join(GAP)
            .trimEnd()
            .slice(0, Math.max(20, width));
    const rule = line(widths.map((length) => "-".repeat(length)));
    const head = columns.every((name) => name === "") ? [rule] : [line(columns), rule];
    return [printable(title), ...head, ...cells.map(line)].join("\n");
}

/** Formats a number with three significant digits, and no more than it has. */
export function formatNumber(value: number): string {
    if (!Number.isFinite(value)) {
        return "?";
    }
    const size = Math.abs(value);
    if (Number.isInteger(value) || size >= 100) {
        return String(Math.round(value));
    }
    return size >= 10 ? value.toFixed(1) : size >= 1 ? value.toFixed(2) : value.toFixed(3);
}
