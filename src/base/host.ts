/** What the library must know of where it runs. */

/**
 * Returns one of Node's built-in modules, without an import that a browser's bundler would trip over; undefined in
 * browsers.
 */
export function nodeBuiltin<T>(id: string): T | undefined {
    return isNode() ? (process.getBuiltinModule(id) as T) : undefined;
}

/**
 * Tells whether this is Node. Electron's pages are not: they have Node's `process`, but a `window` too, and start
 * workers as pages do.
 */
export function isNode(): boolean {
    return typeof window === "undefined" && typeof process === "object" && typeof process.versions?.node === "string";
}

/** Returns the number of cores that this process may use; undefined where the host does not tell. */
export function hostCores(): number | undefined {
    const os = nodeBuiltin<typeof import("node:os")>("node:os");
    return os === undefined ? globalThis.navigator?.hardwareConcurrency : os.availableParallelism();
}

/** Returns a script's address as this host's workers take it: a path in Node, an address in browsers. */
export function scriptForHost(url: string): string {
    const nodeUrl = url.startsWith("file:") ? nodeBuiltin<typeof import("node:url")>("node:url") : undefined;
    return nodeUrl === undefined ? url : nodeUrl.fileURLToPath(url);
}
