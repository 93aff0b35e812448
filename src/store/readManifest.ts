import { messageOf } from "../base/errors.js";
import {
    faultOfRoot,
    MANIFEST_FILE,
    ManifestError,
    MAX_MANIFEST_BYTES,
    parseManifest,
    rootHashOf,
    type ListedManifest,
    type ManifestRoot,
} from "../format/manifest.js";
import { StoreError } from "./chunkStore.js";
import type { ManifestReaderOptions } from "./manifestAnswers.js";
import type { Store } from "./store.js";
import { placeIn } from "./storePlace.js";

/**
 * Reads `manifest.json`, whose hashes are checked where the root hash is given: await `initDigestAsync` before.
 *
 * @throws ManifestError, GeneratorVersionError, StoreError as `ManifestReader.openAsync` does
 */
export async function readManifestAsync(
    files: Store,
    { generatorVersion, rootHash, signal }: Pick<ManifestReaderOptions, "generatorVersion" | "rootHash" | "signal">,
): Promise<ManifestRoot | ListedManifest> {
    let root: ManifestRoot | ListedManifest | null = null;
    /** By what the store is told: it may look at several, and answers of which it wants to. */
    const faults = new Map<string, Error>();
    const inspectAsync = (bytes: Uint8Array): Promise<string | null> => {
        try {
            const parsed = parseManifest(new TextDecoder().decode(bytes), generatorVersion);
            if (rootHash !== undefined) {
                assertRootHash(parsed, rootHash.toLowerCase());
            }
            root = parsed;
            return Promise.resolve(null);
        } catch (error) {
            const reason = `is no manifest that can be used here: ${messageOf(error)}`;
            faults.set(reason, error as Error);
            return Promise.resolve(reason);
        }
    };
    const result = await files.getAsync({ key: MANIFEST_FILE, maxBytes: MAX_MANIFEST_BYTES, inspectAsync, signal });
    if (result.status === "found" && root !== null) {
        return root;
    }
    signal?.throwIfAborted();
    if (result.status === "damaged") {
        throw faults.get(result.reason) ?? new ManifestError(`${MANIFEST_FILE} ${result.reason}.`);
    }
    if (result.status === "missing") {
        const reason = "the bake did not end, or this is not its folder";
        throw new StoreError(`There is no ${MANIFEST_FILE}: ${reason}.`, MANIFEST_FILE, undefined, reason);
    }
    const reason = result.status === "unavailable" ? result.reason : "the store gave no answer";
    const place = placeIn(files, MANIFEST_FILE);
    throw new StoreError(`${place} could not be read: ${reason}`, place, undefined, reason);
}

/** Throws where a manifest is not that of a root hash. */
function assertRootHash(root: ManifestRoot | ListedManifest, rootHash: string): void {
    const found = rootHashOf(root);
    if (found !== rootHash) {
        throw new ManifestError(
            `${MANIFEST_FILE} is another bake's, or was edited: its root hash is ${found}, expected was ${rootHash}.`,
        );
    }
    const fault = root.version === 1 ? null : faultOfRoot(root);
    if (fault !== null) {
        throw new ManifestError(`${MANIFEST_FILE} ${fault}.`);
    }
}
