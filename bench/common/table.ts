/** Returns rows as a table of text: numbers to the right, all else to the left. */
export function tableOf(rows: readonly Record<string, string | number>[]): string {
    const columns = Object.keys(rows[0]!);
    const widths = columns.map((name) => Math.max(name.length, ...rows.map((row) => String(row[name]).length)));
    const line = (cells: readonly (string | number)[]) =>
        cells
            .map((cell, i) => (typeof cell === "number" ? String(cell).padStart(widths[i]!) : cell.padEnd(widths[i]!)))
            .join("  ")
            .trimEnd();
    return [line(columns), ...rows.map((row) => line(columns.map((name) => row[name]!)))].join("\n");
}
