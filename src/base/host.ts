/** What the library must know of where it runs. */

/** Node's builtins, without an import that a browser's bundler would trip over. Undefined in browsers. */
export function nodeBuiltin<T>(id: string): T | undefined {
    return isNode() ? (process.getBuiltinModule(id) as T) : undefined;
}

/** Electron's pages have both a `window` and Node's `process`; they start workers as pages do. */
export function isNode(): boolean {
    return typeof window === "undefined" && typeof process === "object" && typeof process.versions?.node === "string";
}

/** Cores that this process may use; undefined where the host does not tell. */
export function hostCores(): number | undefined {
    const os = nodeBuiltin<typeof import("node:os")>("node:os");
    return os === undefined ? globalThis.navigator?.hardwareConcurrency : os.availableParallelism();
}

/** The script as this host's workers take it: Node's want a path where browsers' want an address. */
export function scriptForHost(url: string): string {
    const nodeUrl = url.startsWith("file:") ? nodeBuiltin<typeof import("node:url")>("node:url") : undefined;
    return nodeUrl === undefined ? url : nodeUrl.fileURLToPath(url);
}
