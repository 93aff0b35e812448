/**
 * A caller's mistake. The message names the field, the value, what is allowed and what to do.
 * `code` survives a worker's boundary, where class and name are lost.
 */
export class TerraneError extends Error {
    public override readonly name = "TerraneError";
    public readonly code = "TERRANE_INVALID";

    public constructor(
        public readonly field: string,
        public readonly value: unknown,
        public readonly allowed: string,
        public readonly remedy: string,
    ) {
        super(`${field} is ${describe(value)}; allowed: ${allowed}. ${remedy}`);
    }
}

/** Returns the message of whatever was thrown, without the white space around it. */
export function messageOf(thrown: unknown): string {
    return (thrown instanceof Error ? thrown.message : String(thrown)).trim();
}

function describe(value: unknown): string {
    if (typeof value === "string") {
        return JSON.stringify(value.length > 80 ? `${value.slice(0, 77)}...` : value);
    }
    if (typeof value === "object" && value !== null) {
        return Array.isArray(value) ? `an array of ${value.length}` : "an object";
    }
    return String(value);
}
