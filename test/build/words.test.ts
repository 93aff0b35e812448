import { readFileSync } from "node:fs";
import path from "node:path";
import { RETIRED_WORDS, retiredIn, retiredWords } from "../../scripts/words.mjs";

const root = path.resolve(import.meta.dirname, "../..");

/** The first column of the table of words. */
function wordsOfArchitecture(): string[] {
    const text = readFileSync(path.join(root, "ARCHITECTURE.md"), "utf8");
    const [section] = text.slice(text.indexOf("\n## Words")).split("\n## ").slice(1);
    return section!
        .split("\n")
        .filter((line) => line.startsWith("| ") && !/^\| (---|word) /.test(line))
        .map((line) => line.split("|")[1]!.trim());
}

test("no retired word is left in code, tests and pages", () => {
    expect(retiredWords(root)).toEqual([]);
});

test("ARCHITECTURE.md has the words that replace them, and none of them itself", () => {
    const words = wordsOfArchitecture();
    expect(words.length).toBeGreaterThan(20);
    for (const { word } of RETIRED_WORDS) {
        expect(words).toEqual(word === undefined ? words : expect.arrayContaining([word]));
    }
    expect(retiredIn("ARCHITECTURE.md", words.join("\n"))).toEqual([]);
});

describe("a retired word is found with its place and what to write", () => {
    test.each([
        ["const foreseenChunks = 1;", "foreseenChunks", "prefetch"],
        ["the motion was predicted", "predicted", "extrapolate"],
        ["class MeshFamilies {}", "MeshFamilies", "merged siblings"],
        ["it fills the narrow cells", "narrow cells", "fine"],
        ["_meshWideCell();", "_meshWideCell", "coarse"],
        ["no seam shows", "seam", "border"],
        ["this._noteFrame(x);", "_noteFrame", "record"],
        ["runtime.assertBooks();", "assertBooks", "accounts"],
        ["a test in any weather", "weather", "random disturbances"],
        ["wellFacts()", "wellFacts", "snapshot"],
    ])("%s", (line, word, use) => {
        const found = retiredIn("docs/page.md", `# A page\n\n${line}\n`);
        expect(found).toEqual([expect.stringContaining(`docs/page.md:3: "${word}": write `)]);
        expect(found[0]).toContain(use);
    });

    test("in the name of a file", () => {
        expect(retiredIn("src/runtime/predictions.ts", "")).toEqual([
            expect.stringMatching(/^src\/runtime\/predictions\.ts: the file's name: write prefetch/),
        ]);
    });

    test("not where the message to its users names it", () => {
        const text = 'export const RENAMED = { predictionTime: "prefetchTime" };\n';
        expect(retiredIn("src/options/worldOptionTable.ts", text)).toEqual([]);
        expect(retiredIn("src/options/other.ts", text)).toHaveLength(1);
    });
});

test.each([
    "font-family: serif",
    "seamless ground",
    "an address, addressed",
    "i8x16.narrow_i16x8_s",
    "artefacts",
    "notes()",
])("%s is no retired word", (line) => {
    expect(retiredIn("docs/page.md", line)).toEqual([]);
});

test.each([
    ["/** The same as before. */", 'x.ts:1: "/** The same"'],
    ["/**\n * Reads it. @throws Error always\n */", "x.ts:2"],
    ["/** @param a first @param b second */", "x.ts:1"],
])("in src/, a docstring like %j is found", (text, place) => {
    expect(retiredIn("src/base/x.ts", text)).toEqual([expect.stringContaining(place)]);
    expect(retiredIn("test/x.ts", text)).toEqual([]);
});

test.each([
    "/** @param a the first */",
    "/**\n * Reads it.\n *\n * @throws Error always\n */",
    "a@b.org, from @babylonjs/core",
])("in src/, %j is left alone", (text) => {
    expect(retiredIn("src/base/x.ts", text)).toEqual([]);
});
