/** Returns the named fields of an object that are not undefined. */
export function givenOf<T extends object>(from: T, names: readonly (keyof T)[]): Partial<T> {
    const given: Partial<T> = {};
    for (const name of names) {
        if (from[name] !== undefined) {
            given[name] = from[name];
        }
    }
    return given;
}
