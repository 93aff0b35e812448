import { describeValue } from "./describeValue.js";
import type { Problem } from "./errors.js";
import type { Field, FieldTable } from "./fieldTable.js";
import { nearestField } from "./nearestField.js";

/** Items of one list of which what is wrong is told: of a million, the first say it all. */
const MOST_FAULTS = 1000;

/** Where a value stands, for messages. */
interface Place {
    /** As in `recipe.caves.radius`. */
    readonly name: string;
    /** The keys that lead there from `root`. */
    readonly keys: readonly string[];
    /** The section that names are looked for in where one is unknown. */
    readonly root: { readonly name: string; readonly fields: FieldTable };
    /** The nearest field around that has a default, for whoever wants to leave it out. */
    readonly withDefault: string;
}

/**
 * Reads `value` by its table and returns a copy that is completed by the defaults: fields in the table's order, -0 as 0,
 * sections and lists new, all other objects the caller's own. Whatever is wrong is added to `problems`; then what is
 * returned is of no use. Each property is read once, and one that throws is a problem like any other.
 *
 * @param name of the value, for messages; "" for fields that are named alone
 * @param base what is left out takes its value from here; by default from the table
 */
export function readField(
    field: Field,
    value: unknown,
    name: string,
    problems: Problem[],
    base: unknown = field.default,
): unknown {
    const root = { name, fields: field.fields ?? {} };
    return read(field, value, { name, keys: [], root, withDefault: name }, problems, base);
}

/** Returns what is wrong with `value`, everything at once. */
export function problemsOf(field: Field, value: unknown, name: string): Problem[] {
    const problems: Problem[] = [];
    readField(field, value, name, problems);
    return problems;
}

function read(field: Field, value: unknown, place: Place, problems: Problem[], base: unknown): unknown {
    if (value === undefined && field.isRequired !== true) {
        return field.fields === undefined ? copyOf(base) : completed(field, place, base);
    }
    if (!isAccepted(field, value)) {
        const { withDefault } = place;
        // Fields that are named alone belong to something that is called so.
        const name = place.name === "" ? "options" : place.name;
        problems.push({ field: name, value, allowed: field.allowed, remedy: remedyOf(field, name, withDefault, base) });
        return undefined;
    }
    if (field.fields !== undefined) {
        return readSection(field, value as object, place, problems, base);
    }
    if (field.items !== undefined) {
        return readList(field, field.items, value as readonly unknown[], place, problems);
    }
    return typeof value === "number" ? value + 0 : value;
}

/** A test that meets a hostile object counts as one that is not passed. */
function isAccepted(field: Field, value: unknown): boolean {
    try {
        return field.accepts(value);
    } catch {
        return false;
    }
}

function readSection(field: Field, value: object, place: Place, problems: Problem[], base: unknown): object {
    const fields = field.fields!;
    const result: Record<string, unknown> = {};
    const bases = base as Record<string, unknown> | undefined;
    for (const [key, inner] of Object.entries(fields)) {
        const name = join(place.name, key);
        const at = {
            name,
            keys: [...place.keys, key],
            root: place.root,
            withDefault: inner.isRequired === true ? place.withDefault : name,
        };
        const given = propertyOf(value, key, name, inner, problems);
        const taken =
            given === UNREADABLE ? undefined : read(inner, given, at, problems, bases?.[key] ?? inner.default);
        if (taken !== undefined) {
            result[key] = taken;
        }
    }
    findUnknown(field, value, place, problems);
    return result;
}

/** A section that is left out: all its defaults; undefined where it has fields that must be given. */
function completed(field: Field, place: Place, base: unknown): object | undefined {
    const hasRequired = Object.values(field.fields!).some(({ isRequired }) => isRequired === true);
    return hasRequired ? undefined : readSection(field, {}, place, [], base);
}

function readList(
    field: Field,
    items: Field | readonly Field[],
    list: readonly unknown[],
    place: Place,
    problems: Problem[],
): unknown[] {
    const result: unknown[] = [];
    const before = problems.length;
    // An array is one to `Array.isArray` even where a proxy answers for it.
    const length = propertyOf(list, "length", place.name, field, problems);
    if (typeof length !== "number") {
        if (length !== UNREADABLE) {
            const remedy = "It has no length: pass a plain array.";
            problems.push({ field: place.name, value: list, allowed: field.allowed, remedy });
        }
        return result;
    }
    for (let i = 0; i < length && problems.length - before < MOST_FAULTS; i++) {
        const item = Array.isArray(items) ? (items as readonly Field[])[i]! : (items as Field);
        const name = `${place.name}[${i}]`;
        const root = { name, fields: item.fields ?? {} };
        const given = propertyOf(list, i, name, item, problems);
        if (given !== UNREADABLE) {
            const required = given === undefined ? { ...item, isRequired: true } : item;
            const at = { name, keys: [], root, withDefault: place.withDefault };
            result.push(read(required, given, at, problems, item.default));
        }
    }
    return result;
}

const UNREADABLE = Symbol("unreadable");

function propertyOf(of: object, key: string | number, name: string, field: Field, problems: Problem[]): unknown {
    try {
        return (of as Record<string | number, unknown>)[key];
    } catch (error) {
        const remedy = "Reading it throws: pass a plain value.";
        problems.push({ field: name, value: error, allowed: field.allowed, remedy });
        return UNREADABLE;
    }
}

function findUnknown(field: Field, value: object, place: Place, problems: Problem[]): void {
    const { name, keys, root } = place;
    const { fields = {}, isOpen = false, renamed = {} } = field;
    const allowed = `only ${Object.keys(fields).join(", ")}`;
    try {
        // What an object of some class carries along is its own affair.
        const given = isOpen && !isPlainObject(value) ? [] : Object.keys(value);
        for (const key of given.filter((key) => !Object.hasOwn(fields, key))) {
            const nearest = nearestField([...keys, key], root.fields);
            if (isOpen && (nearest === undefined || Object.hasOwn(value, nearest.at(-1)!))) {
                continue;
            }
            let remedy = nearest === undefined ? "Remove it." : `Did you mean ${nearest.reduce(join, root.name)}?`;
            if (Object.hasOwn(renamed, key)) {
                remedy = `It is called ${join(name, renamed[key]!)} now.`;
            }
            problems.push({ field: join(name, key), value: peek(value, key), allowed, remedy, isUnknown: true });
        }
    } catch {
        const remedy = "It cannot be read: pass a plain object.";
        problems.push({ field: name, value, allowed: field.allowed, remedy });
    }
}

/** The value of a property that nobody reads; what its getter throws, where it does. */
function peek(of: object, key: string): unknown {
    try {
        return (of as Record<string, unknown>)[key];
    } catch (error) {
        return error;
    }
}

function isPlainObject(value: object): boolean {
    const prototype: unknown = Object.getPrototypeOf(value);
    return prototype === null || prototype === Object.prototype;
}

function join(name: string, key: string): string {
    return name === "" ? key : `${name}.${key}`;
}

function remedyOf(field: Field, name: string, withDefault: string, base: unknown): string {
    if (field.remedy !== undefined) {
        return field.remedy;
    }
    if (name !== withDefault || typeof base === "object" || field.fields !== undefined) {
        return `Correct it, or leave out ${withDefault} for its defaults.`;
    }
    return base === undefined
        ? "Correct it, or leave it out for the default."
        : `Correct it, or leave it out for the default ${describeValue(base)}.`;
}

/** Plain data anew, so that nothing of a table or of a preset is given away; whatever else is no default of any field. */
function copyOf(value: unknown): unknown {
    return Array.isArray(value) ? value.map(copyOf) : value;
}
