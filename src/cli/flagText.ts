import type { Field } from "../base/fieldTable.js";
import { defaultText, rangeText } from "../base/fieldText.js";

/**
 * Returns what `--help` says of a flag that sets `field`.
 *
 * @param fallback the default in words, where it is another
 */
export function flagText(field: Field, fallback = defaultText(field)): string {
    const range = rangeText(field);
    const sentences = field.notes?.replace(/\.$/, "").split(". ") ?? [];
    const notes = sentences.map((sentence) => `; ${sentence.charAt(0).toLowerCase()}${sentence.slice(1)}`).join("");
    const text = `${field.meaning}${range === "" ? "" : `, ${range}`}${notes} (default: ${fallback})`;
    return text.replaceAll("`", "");
}
