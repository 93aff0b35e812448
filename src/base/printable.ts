/**
 * Matches whatever moves a cursor, colours, hides, reorders or breaks a line: control characters (C0, DEL, C1), format
 * characters (bidirectional overrides, zero widths, tags), line and paragraph separators, and halves of surrogate
 * pairs.
 */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * Returns a line that is safe to show on a terminal, whoever wrote it: invisible characters, line feeds and tabs among
 * them, are written `\uXXXX`. JSON keeps its meaning, for it has such characters in strings alone.
 */
export function printable(line: string): string {
    return line.replace(UNPRINTABLE, escaped);
}

/** Escapes each UTF-16 unit, as JSON does. */
function escaped(character: string): string {
    let text = "";
    for (let i = 0; i < character.length; i++) {
        text += `\\u${character.charCodeAt(i).toString(16).padStart(4, "0")}`;
    }
    return text;
}
