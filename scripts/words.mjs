// Words that this project no longer uses, and what it says in their place. ARCHITECTURE.md has the words that it does use.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/**
 * The retired words. `use` is what to write; `word` is the term of ARCHITECTURE.md that it stands under, where there is
 * one; `except` names files that must tell of the word itself.
 * @type {{ pattern: RegExp, use: string, word?: string, except?: string[] }[]}
 */
export const RETIRED_WORDS = [
    { pattern: /foresight|foresee|foresaw|foretold/i, use: "prefetch", word: "prefetch" },
    { pattern: /predict(?!ionTime)/i, use: "prefetch (chunks), extrapolate (motion)", word: "prefetch" },
    {
        pattern: /predictionTime/,
        use: "prefetchTime",
        word: "prefetch",
        // The message to whoever still passes it, and its tests.
        except: [
            "src/options/worldOptionTable.ts",
            "test/unit/options/worldOptions.test.ts",
            "test/unit/babylon/terrainWorld.test.ts",
        ],
    },
    { pattern: /\b[sS]uppl(y|ies|ied)\b|supply[A-Z]|[a-z]Supply/, use: "loader, source", word: "source" },
    { pattern: /(?<!font-?)famil(y|ies)/i, use: "merged siblings", word: "merged siblings" },
    {
        pattern: /\b(wide|narrow) cells?\b|(wide|narrow)Cell/i,
        use: "coarse, fine cells",
        word: "fine, coarse, transition",
    },
    { pattern: /\b[sS]eams?\b|[a-z]Seam|seam[A-Z]/, use: "transition cells, border", word: "fine, coarse, transition" },
    { pattern: /curtain/i, use: "border wall", word: "skirt, border wall" },
    { pattern: /\b[dD]ress|[a-z]Dress/, use: "applyMaterial" },
    { pattern: /forgiv/i, use: "clearFailure" },
    { pattern: /bystand/i, use: "collateral" },
    { pattern: /\bweather/i, use: "random disturbances" },
    { pattern: /[a-z]Facts\b|\bfactsOf\b|FactsSource/, use: "snapshot", word: "snapshot" },
    { pattern: /\b_?note[A-Z]\w*(?=\()/, use: "record" },
    { pattern: /[a-z]Taker\b|\btaker\b/, use: "visitor, receiver" },
    { pattern: /patience/i, use: "timeout" },
    { pattern: /\bbooks\b|\bbooks? the\b|[a-z]Books\b/i, use: "accounts", word: "account" },
    { pattern: /\bof late\b/i, use: "recent, recently" },
];

/** What docstrings of `src/` do not look like. */
export const RETIRED_DOCSTRINGS = [
    { pattern: /\/\*\*\s+(\* )?The (very )?same\b/, use: "what it is or does, without the comparison" },
    { pattern: /\S.*(?<!\*) @(param|returns|throws|internal|deprecated|example|see)\b/, use: "a line for each tag" },
];

const FOLDERS = ["assembly", "bench", "docs", "samples", "scripts", "src", "test"];
const FILES = /\.(ts|tsx|mjs|js|md|html|css)$/;
/** What was, this list, and its test. */
const APART = ["CHANGELOG.md", "scripts/words.mjs", "test/build/words.test.ts"];

/**
 * Returns a line for each use of a retired word, with its file, line and replacement.
 * @param {string} file path relative to the repository
 * @param {string} text
 * @returns {string[]}
 */
export function retiredIn(file, text) {
    const list = file.startsWith("src/") ? [...RETIRED_WORDS, ...RETIRED_DOCSTRINGS] : RETIRED_WORDS;
    const found = [];
    const named = RETIRED_WORDS.find(({ pattern }) => pattern.test(path.basename(file)));
    if (named !== undefined) {
        found.push(`${file}: the file's name: write ${named.use}.`);
    }
    for (const { pattern, use, except = [] } of list) {
        if (except.includes(file) || !pattern.test(text)) {
            continue;
        }
        text.split("\n").forEach((line, i) => {
            const match = pattern.exec(line);
            if (match !== null) {
                found.push(`${file}:${i + 1}: "${wordAt(line, match)}": write ${use}.`);
            }
        });
    }
    return found;
}

/**
 * Returns a line for each use of a retired word in the repository.
 * @param {string} root
 * @returns {string[]}
 */
export function retiredWords(root) {
    const files = [
        ...readdirSync(root).filter((name) => /\.(md|json|js)$/.test(name) && name !== "package-lock.json"),
        ...FOLDERS.flatMap((folder) =>
            readdirSync(path.join(root, folder), { recursive: true })
                .map((name) => `${folder}/${name.split(path.sep).join("/")}`)
                .filter((name) => FILES.test(name)),
        ),
    ];
    return files
        .filter((file) => !APART.includes(file))
        .flatMap((file) => retiredIn(file, readFileSync(path.join(root, file), "utf8")));
}

/** Returns a match with the rest of the words that it begins and ends in. */
function wordAt(line, { 0: text, index }) {
    const before = /\w*$/.exec(line.slice(0, index))[0];
    const after = /^\w*/.exec(line.slice(index + text.length))[0];
    return `${before}${text}${after}`.trim();
}
