import type { Store } from "./store.js";

/** Returns what a message calls a file of a store: its path, where that is known. */
export function placeIn({ description }: Store, name: string): string {
    return description?.kind === "directory" ? `${description.directory}/${name}` : name;
}
