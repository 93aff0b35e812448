import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "../..");
const text = readFileSync(path.join(root, "docs/promises.md"), "utf8");

test("every promise names a test, and each of those is there", () => {
    const rows = text.split("\n").filter((line) => line.startsWith("| ") && !/^\| (---|promise)/.test(line));
    expect(rows.length).toBeGreaterThan(25);
    for (const [i, row] of rows.entries()) {
        const files = [...row.matchAll(/`(test\/[^`]+)`/g)].map(([, file]) => file!);
        if (files.length === 0) {
            // "the same" as the row before.
            expect([i > 0, row]).toEqual([true, expect.stringMatching(/\| the same \|$/)]);
        }
        expect(files.filter((file) => !existsSync(path.join(root, file)))).toEqual([]);
    }
});
