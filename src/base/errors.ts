import { describeValue } from "./describeValue.js";
import { printable } from "./printable.js";

/** One thing that a caller got wrong. */
export interface Problem {
    /** Where it is, as in `options.viewers[1].radius`. */
    readonly field: string;
    /** What was given there. */
    readonly value: unknown;
    /** What may be given, as the end of "allowed: ". */
    readonly allowed: string;
    /** What to do, as a sentence. */
    readonly remedy: string;
    /** Whether there is no such field, whatever its value. */
    readonly isUnknown?: boolean;
}

/** Problems that a message lists; `problems` has all of them. */
const MOST_LISTED = 50;
/** Characters of a field's name that a message shows. */
const MOST_NAME = 120;

/**
 * A caller's mistake, or several of them. The message tells of each the field, the value, what is allowed and what to do;
 * each is one line, whoever wrote the names and values in it. `code` survives a worker's boundary, where class and name
 * are lost.
 */
export class TerraneError extends Error {
    public override readonly name = "TerraneError";
    /** Tells this error from others. */
    public readonly code = "TERRANE_INVALID";

    /** @param problems all that is wrong, of which `field`, `value`, `allowed` and `remedy` are the first */
    public constructor(
        /** Where the first problem is, as in `options.viewers[1].radius`. */
        public readonly field: string,
        /** What was given there. */
        public readonly value: unknown,
        /** What may be given there, as the end of "allowed: ". */
        public readonly allowed: string,
        /** What to do, as a sentence. */
        public readonly remedy: string,
        public readonly problems: readonly Problem[] = [{ field, value, allowed, remedy }],
    ) {
        super(listed(problems));
    }
}

/** Throws one `TerraneError` that names all `problems`. Does nothing where there are none. */
export function throwProblems(problems: readonly Problem[]): void {
    const [first] = problems;
    if (first !== undefined) {
        throw new TerraneError(first.field, first.value, first.allowed, first.remedy, Object.freeze([...problems]));
    }
}

/** Returns a problem as one line of text. */
export function problemText({ field, value, allowed, remedy, isUnknown = false }: Problem): string {
    const name = field.length > MOST_NAME ? `${field.slice(0, MOST_NAME - 3)}...` : field;
    const fault = isUnknown ? `is unknown (given: ${describeValue(value)})` : `is ${describeValue(value)}`;
    return printable(`${name} ${fault}; allowed: ${allowed}. ${remedy}`);
}

/** Returns the lines that tell of `problems`, the first fifty of them. */
export function problemLines(problems: readonly Problem[]): string[] {
    const lines = problems.slice(0, MOST_LISTED).map(problemText);
    return problems.length > MOST_LISTED ? [...lines, `and ${problems.length - MOST_LISTED} more`] : lines;
}

/** Returns the message of whatever was thrown, without the white space around it. */
export function messageOf(thrown: unknown): string {
    return (thrown instanceof Error ? thrown.message : String(thrown)).trim();
}

function listed(problems: readonly Problem[]): string {
    const lines = problemLines(problems);
    return lines.length === 1 ? lines[0]! : `${problems.length} things are wrong:\n${lines.join("\n")}`;
}
