import fc from "fast-check";
import { printable } from "../../../src/base/printable.js";
import { testSeed } from "../../support/randomRecipe.js";

const seed = testSeed();

test.each([
    ["a line feed", "a\nerror: forged", "a\\u000aerror: forged"],
    ["an escape sequence", "\x1b[2J\x1b]0;title\x07", "\\u001b[2J\\u001b]0;title\\u0007"],
    ["C1 controls", "\x9b31m\x85\x90", "\\u009b31m\\u0085\\u0090"],
    ["DEL and backspaces", "a\x7f\b", "a\\u007f\\u0008"],
    ["carriage returns and tabulators", "a\r\tb", "a\\u000d\\u0009b"],
    ["bidirectional overrides", "\u202egnp.\u2066", "\\u202egnp.\\u2066"],
    ["line and paragraph separators", "\u2028\u2029", "\\u2028\\u2029"],
    ["what has no width", "a\u200b\u2060\ufeff", "a\\u200b\\u2060\\ufeff"],
    ["tags beyond the first plane", "\u{e0041}", "\\udb40\\udc41"],
    ["half a surrogate pair", "\ud800a", "\\ud800a"],
])("%s is written out", (_, text, expected) => {
    expect(printable(text)).toBe(expected);
});

test("what can be read stays as it is", () => {
    const text = "Größe 3 µm, 山, ½ \\u0041 \"quoted\" 'too' 🏔 ~";
    expect(printable(text)).toBe(text);
});

test(`JSON stays the same JSON, in one line of harmless characters (seed ${seed})`, () => {
    const hostile = fc.string({
        unit: fc.oneof(
            fc.constantFrom("\x1b", "\x9b", "\n", "\u2028", "\u202e", "\x7f", "\\", '"', "\ud800", "\u{e0041}"),
            fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
        ),
    });
    fc.assert(
        fc.property(fc.dictionary(hostile, hostile), (value) => {
            const text = printable(JSON.stringify(value));
            expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
            // eslint-disable-next-line no-control-regex -- these are what is looked for
            expect(text).not.toMatch(/[\0-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/);
            expect(printable(text)).toBe(text);
        }),
        { seed, numRuns: 300 },
    );
});
