/**
 * Tables of what can be set: options and recipes. A field's type, unit, range, default and meaning stand there once; checks
 * (`readFields.ts`), texts (`fieldText.ts`) and whatever else shows a field are made from them.
 */

/** Units in which numbers are set. A field without one is a plain number. */
export type Unit = "m" | "px" | "B" | "MB" | "ms" | "s" | "h" | "°";

/** What is told of a field, whatever its type. */
export interface FieldSpec<T = unknown> {
    /** What the field is, in one line: a phrase without a full stop that goes on after its unit, "metres: ...". */
    readonly meaning: string;
    /** Further sentences for whoever reads the documentation. */
    readonly notes?: string;
    readonly unit?: Unit;
    /** The value where none is given. */
    readonly default?: T;
    /** The default in words, where it is no plain value: "by the device's cores". */
    readonly defaultText?: string;
    /** Whether it must be given. Default false. */
    readonly isRequired?: boolean;
    /** Where the allowed values need other words than the type's. */
    readonly allowed?: string;
    /** What to do where a value is wrong. Default: to correct it, or to leave it out for the default. */
    readonly remedy?: string;
}

/** Something that can be set. */
export interface Field extends FieldSpec {
    /** The kind of value, as `plugin-manifest.json` names it. */
    readonly type: string;
    readonly allowed: string;
    readonly minimum?: number;
    readonly maximum?: number;
    /** Of a section: the fields in it. */
    readonly fields?: FieldTable;
    /** Of a section: names that fields had, and those that they have now. */
    readonly renamed?: Readonly<Record<string, string>>;
    /** Of a section: whether it may hold more than its fields. Then only what looks like a misspelt field is refused. */
    readonly isOpen?: boolean;
    /** Of a list: what each item is; or of a tuple, what each one in turn is. */
    readonly items?: Field | readonly Field[];
    /** Whether `value` is of this kind. What is in a section or a list is looked at by itself. */
    accepts(value: unknown): boolean;
}

/** Fields by name, in the order in which they are shown and written. */
export type FieldTable = Readonly<Record<string, Field>>;

interface Range {
    readonly minimum: number;
    readonly maximum: number;
}

/** Describes a finite number within limits. */
export function numberField<const S extends FieldSpec<number> & Range>(spec: S) {
    const { minimum, maximum } = spec;
    return {
        type: "number",
        allowed: `a number from ${minimum} to ${maximum}`,
        ...spec,
        accepts: (value: unknown) => typeof value === "number" && value >= minimum && value <= maximum,
    };
}

/** Describes a whole number within limits. */
export function integerField<const S extends FieldSpec<number> & Range>(spec: S) {
    const { minimum, maximum } = spec;
    return {
        type: "integer",
        allowed: `an integer from ${minimum} to ${maximum}`,
        ...spec,
        accepts: (value: unknown) =>
            Number.isInteger(value) && (value as number) >= minimum && (value as number) <= maximum,
    };
}

/** Describes a power of two within limits, the lower of which is one itself. */
export function powerOfTwoField<const S extends FieldSpec<number> & Range>(spec: S) {
    const { minimum, maximum } = spec;
    const accepts = (value: unknown): boolean => {
        if (typeof value !== "number" || !(value <= maximum)) {
            return false;
        }
        let power = minimum;
        while (power < value) {
            power *= 2;
        }
        return power === value;
    };
    return { type: "powerOfTwo", allowed: `a power of two from ${minimum} to ${maximum}`, ...spec, accepts };
}

/** Describes a number above 0, or no limit where that is `Infinity`. */
export function positiveField<const S extends FieldSpec<number> & { readonly allowsInfinity?: boolean }>(spec: S) {
    const { allowsInfinity = false } = spec;
    return {
        type: "number",
        allowed: "a number above 0",
        ...spec,
        accepts: (value: unknown) =>
            typeof value === "number" && value > 0 && (allowsInfinity || Number.isFinite(value)),
    };
}

/** Describes what is true or false. */
export function flagField<const S extends FieldSpec<boolean>>(spec: S) {
    return {
        type: "boolean",
        allowed: "true or false",
        ...spec,
        accepts: (value: unknown) => typeof value === "boolean",
    };
}

/** Describes one of some texts. */
export function choiceField<const S extends FieldSpec<string> & { readonly choices: readonly string[] }>(spec: S) {
    const texts = spec.choices.map((choice) => `"${choice}"`);
    return {
        type: "choice",
        allowed: `${texts.slice(0, -1).join(", ")} or ${texts.at(-1)}`,
        ...spec,
        accepts: (value: unknown) => typeof value === "string" && spec.choices.includes(value),
    };
}

/** Describes an address of a file, as text. */
export function urlField<const S extends FieldSpec<string>>(spec: S) {
    return {
        type: "url",
        allowed: "an address as text",
        ...spec,
        accepts: (value: unknown) => typeof value === "string" && value !== "",
    };
}

/** Describes an object by the methods that it must have. */
export function objectField<const S extends FieldSpec & { type: string; allowed: string; methods: readonly string[] }>(
    spec: S,
) {
    const accepts = (value: unknown): boolean =>
        typeof value === "object" &&
        value !== null &&
        spec.methods.every((method) => typeof (value as Record<string, unknown>)[method] === "function");
    return { ...spec, accepts };
}

/** Describes a function. */
export function functionField<const S extends FieldSpec>(spec: S) {
    return {
        type: "function",
        allowed: "a function",
        ...spec,
        accepts: (value: unknown) => typeof value === "function",
    };
}

/** Describes an object of fields. */
export function sectionField<
    const S extends FieldSpec & Pick<Field, "renamed" | "isOpen"> & { readonly fields: FieldTable; type?: string },
>(spec: S) {
    return { type: "section", allowed: "an object", ...spec, accepts: isSection };
}

function isSection(value: unknown): boolean {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Returns the defaults of a table, sections within sections: new objects, whose arrays are the table's own. */
export function defaultsOf(table: FieldTable): Record<string, unknown> {
    return Object.fromEntries(
        Object.entries(table)
            .map(
                ([key, field]) => [key, field.fields === undefined ? field.default : defaultsOf(field.fields)] as const,
            )
            .filter(([, value]) => value !== undefined),
    );
}
