import {
    MANIFEST_FILE,
    ManifestError,
    MAX_MANIFEST_BYTES,
    parseManifest,
    type ListedManifest,
    type ManifestRoot,
} from "../format/manifest.js";
import { StoreError } from "./chunkStore.js";
import type { ManifestReaderOptions } from "./manifestAnswers.js";
import type { Store } from "./store.js";
import { placeIn } from "./storePlace.js";

/**
 * Reads `manifest.json`, whose hashes are not checked.
 *
 * @throws ManifestError, GeneratorVersionError, StoreError as `ManifestReader.openAsync` does
 */
export async function readManifestAsync(
    files: Store,
    { generatorVersion, signal }: Pick<ManifestReaderOptions, "generatorVersion" | "signal">,
): Promise<ManifestRoot | ListedManifest> {
    let root: ManifestRoot | ListedManifest | null = null;
    let fault: Error | null = null;
    const inspectAsync = (bytes: Uint8Array): Promise<string | null> => {
        try {
            root = parseManifest(new TextDecoder().decode(bytes), generatorVersion);
            return Promise.resolve(null);
        } catch (error) {
            fault = error as Error;
            return Promise.resolve("is no manifest that can be read here");
        }
    };
    const result = await files.getAsync({ key: MANIFEST_FILE, maxBytes: MAX_MANIFEST_BYTES, inspectAsync, signal });
    if (result.status === "found" && root !== null) {
        return root;
    }
    signal?.throwIfAborted();
    if (result.status === "damaged") {
        throw fault ?? new ManifestError(`${MANIFEST_FILE} ${result.reason}.`);
    }
    if (result.status === "missing") {
        const reason = "the bake did not end, or this is not its folder";
        throw new StoreError(`There is no ${MANIFEST_FILE}: ${reason}.`, MANIFEST_FILE, undefined, reason);
    }
    const reason = result.status === "unavailable" ? result.reason : "the store gave no answer";
    const place = placeIn(files, MANIFEST_FILE);
    throw new StoreError(`${place} could not be read: ${reason}`, place, undefined, reason);
}
