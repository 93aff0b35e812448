import { isNode } from "../base/host.js";

/**
 * Copies of the worker scripts that this page has run, by the address that they came from: a worker that is started
 * later, when the server is out of reach or has moved on, can have the copy. What is in here never changes, so engines
 * may share it. docs/adr/0010-kept-scripts.md says when it is used.
 */
const copies = new Map<string, string>();
const asked = new Set<string>();

/** Returns the address of a copy; undefined where there is none, as in Node, which reads files. */
export function keptCopyOf(url: string): string | undefined {
    return copies.get(url);
}

/** Keeps a copy of what is at `url`, once. Never rejects: without a copy nothing changes. */
export async function keepCopyAsync(url: string): Promise<void> {
    if (isNode() || asked.has(url)) {
        return;
    }
    asked.add(url);
    try {
        // A worker has just loaded it: where the server allows any caching, this asks nobody.
        const response = await fetch(url, { cache: "force-cache" });
        if (!response.ok || !isScript(response)) {
            throw new TypeError(`the server answered ${response.status}, and not with a script`);
        }
        const script = new Blob([await response.arrayBuffer()], { type: "text/javascript" });
        copies.set(url, URL.createObjectURL(script));
    } catch {
        asked.delete(url);
    }
}

/** Returns whether browsers would run a response as a module. */
export function isScript({ headers }: Response): boolean {
    return /^\s*(text|application)\/(x-)?(java|ecma)script\b/i.test(headers.get("content-type") ?? "");
}
