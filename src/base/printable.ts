/**
 * All that moves a cursor, colours, hides, reorders or breaks a line: control characters (C0, DEL, C1), format characters
 * (bidirectional overrides, zero widths, tags), line and paragraph separators, halves of surrogate pairs.
 */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * A line as it may be shown on a terminal, whoever wrote it: what is not to be seen is written `\uXXXX`, line feeds and
 * tabulators too. JSON stays the same JSON, for there such characters are inside strings alone.
 */
export function printable(line: string): string {
    return line.replace(UNPRINTABLE, escaped);
}

/** Unit by unit, as JSON has it. */
function escaped(character: string): string {
    let text = "";
    for (let i = 0; i < character.length; i++) {
        text += `\\u${character.charCodeAt(i).toString(16).padStart(4, "0")}`;
    }
    return text;
}
