// What documentation and the manifest say of fields, made from their tables. `scripts/settings.mjs` says where it stands.
import { defaultText, rangeText, sentencesOf } from "../src/base/fieldText.js";

/** Characters of a line of code. */
const WIDTH = 120;
const CHANGES = "May change while the world runs.";

/** @typedef {import("../src/base/fieldTable.js").Field} Field */
/** @typedef {import("../src/base/fieldTable.js").FieldTable} FieldTable */

/** @returns {string} A field's docstring, as a member of an interface has it. */
export function docstringOf(field) {
    const text = [...sentencesOf(field), ...(field.canChange ? [CHANGES] : [])].join(" ");
    const single = `    /** ${text} */`;
    if (single.length <= WIDTH) {
        return single;
    }
    const lines = [];
    let line = "     *";
    for (const word of text.split(" ")) {
        if (line.length + 1 + word.length > WIDTH) {
            lines.push(line);
            line = "     *";
        }
        line += ` ${word}`;
    }
    return ["    /**", ...lines, line, "     */"].join("\n");
}

/**
 * Puts a table's docstrings above the members of an interface.
 * @param {string} source the whole file
 * @param {string} name of the interface
 * @param {FieldTable} table
 * @param {readonly string[]} others members that the table need not have
 * @returns {string} The whole file.
 * @throws {Error} Where table and interface do not have the same members.
 */
export function documentInterface(source, name, table, others = []) {
    const found = new RegExp(`(export interface ${name}\\b[^{]*\\{\\n)(.*?)(\\n\\}\\n)`, "s").exec(source);
    if (found === null) {
        throw new Error(`There is no interface ${name}.`);
    }
    const [whole, head, body, end] = found;
    const seen = new Set();
    const member = /(?:^ {4}\/\*\*(?:(?!\*\/).)*\*\/\n)?^ {4}(?:readonly )?(\w+)\??[:(]/gms;
    const documented = body.replace(member, (text, key) => {
        if (others.includes(key)) {
            return text;
        }
        seen.add(key);
        if (!Object.hasOwn(table, key)) {
            throw new Error(`${name}.${key} is in no table.`);
        }
        const declaration = text.slice(text.lastIndexOf("\n") + 1);
        return `${docstringOf(table[key])}\n${declaration}`;
    });
    const missing = Object.keys(table).filter((key) => !seen.has(key));
    if (missing.length > 0) {
        throw new Error(`${name} lacks ${missing.join(", ")}.`);
    }
    return source.replace(whole, () => head + documented + end);
}

/** @returns {object} What `plugin-manifest.json` says of options. */
export function manifestOptions(table) {
    const KEYS = ["type", "unit", "default", "minimum", "maximum", "isRequired", "canChange", "meaning"];
    const entryOf = (field) =>
        Object.fromEntries(KEYS.filter((key) => field[key] !== undefined).map((key) => [key, field[key]]));
    return Object.fromEntries(Object.entries(table).map(([key, field]) => [key, entryOf(field)]));
}

/** @returns {string} A table of options of an owner, and a sentence that says which of them may change. */
export function optionsMarkdown(table, owner = "world") {
    const entries = Object.entries(table);
    const changing = entries.filter(([, { canChange }]) => canChange).map(([key]) => `\`${key}\``);
    const last = changing.pop();
    const sentence = `${changing.join(", ")} and ${last} may be changed on the ${owner} while it runs.`;
    return `${fieldsMarkdown(entries, "option")}\n\n${sentence}`;
}

/** @returns {string} Tables of a recipe's fields: those of the recipe itself, then each section's. */
export function recipeMarkdown(table) {
    return sectionsOf(table, "", "")
        .map(({ name, meaning, entries }) => {
            const title = name === "" ? "## The recipe" : `## \`${name}\`: ${meaning}`;
            return `${title}\n\n${fieldsMarkdown(entries, "field")}`;
        })
        .join("\n\n");
}

function sectionsOf(table, name, meaning) {
    const entries = Object.entries(table).filter(([, { fields }]) => fields === undefined);
    const inner = Object.entries(table).filter(([, { fields }]) => fields !== undefined);
    const nameOf = (key) => (name === "" ? key : `${name}.${key}`);
    return [
        { name, meaning, entries },
        ...inner.flatMap(([key, field]) => sectionsOf(field.fields, nameOf(key), field.meaning)),
    ];
}

/** @returns {string} A table of fields, whose first column is called `head`. */
export function fieldsMarkdown(entries, head) {
    const rows = entries.map(([key, field]) => {
        const range = rangeText(field);
        const unit = field.unit !== undefined && !range.endsWith("B") ? ` ${field.unit}` : "";
        const fallback = field.isRequired ? "required" : defaultText(field);
        const notes = field.notes === undefined ? "" : `. ${field.notes.replace(/\.$/, "")}`;
        const cells = [`\`${key}\``, fallback, range === "" ? "" : range + unit, `${field.meaning}${notes}`];
        return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
    });
    return [`| ${head} | default | range | meaning |`, "| --- | --- | --- | --- |", ...rows].join("\n");
}

/**
 * Puts `content` between the marks of a page: `<!-- name -->` and `<!-- /name -->`.
 * @throws {Error} Where they are missing.
 */
export function fillMarks(page, name, content) {
    const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
    const from = page.indexOf(begin);
    const to = page.indexOf(end);
    if (from < 0 || to < from) {
        throw new Error(`The marks ${begin} and ${end} are missing.`);
    }
    return `${page.slice(0, from + begin.length)}\n${content}\n${page.slice(to)}`;
}

/**
 * What is wrong with a table itself: a default that its own field refuses, limits that it does not take, a meaning that
 * does not fit the sentences that are made of it.
 * @param {FieldTable} table
 * @returns {string[]}
 */
export function tableFaults(table, prefix = "") {
    return Object.entries(table).flatMap(([key, field]) => {
        const name = `${prefix}${key}`;
        const { meaning, notes = "X.", minimum, maximum, fields } = field;
        const faults = [
            [!/^[a-z0-9`"'][^\n]*[^.\s]$/.test(meaning), "meaning is no phrase that begins small and has no full stop"],
            [!/^[A-Z0-9`][^\n]*\.$/.test(notes), "notes are no sentences"],
            [field.default !== undefined && !field.accepts(field.default), "default is refused"],
            [minimum !== undefined && !field.accepts(minimum), "minimum is refused"],
            [maximum !== undefined && !field.accepts(maximum), "maximum is refused"],
            [minimum !== undefined && (field.accepts(minimum - 1) || field.accepts(maximum + 1)), "range is not kept"],
            [
                fields === undefined && !field.isRequired && defaultText(field) === "",
                "nothing says what its default is",
            ],
        ];
        const own = faults.filter(([isFault]) => isFault).map(([, fault]) => `${name}: ${fault}`);
        return fields === undefined ? own : [...own, ...tableFaults(fields, `${name}.`)];
    });
}
