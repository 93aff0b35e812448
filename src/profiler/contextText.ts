import type { SpanContext } from "./span.js";

/** Characters of a context that a trace keeps. */
const MOST_CHARACTERS = 120;

/** Returns a context as a short text, such as `address=0/1/-2 level=0`, without the objects in it. */
export function contextText(context: SpanContext): string {
    let text = "";
    for (const key in context) {
        const value = context[key];
        if (typeof value !== "object" && typeof value !== "function") {
            text += `${text === "" ? "" : " "}${key}=${String(value)}`;
        }
    }
    return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS - 3)}...` : text;
}
