import { hash64Of } from "../base/hash.js";
import type { LayerImage } from "./encodeLayer.js";

/** Which picture a file holds. */
export interface LayerFileKey {
    /** Version of the drawing: see `DRAWING_VERSION`. */
    readonly drawing: number;
    readonly layer: number;
    /** Texels along a side. */
    readonly size: number;
}

/** The letters `TRNL`. */
const MAGIC = 0x4c4e5254;
const VERSION = 1;
const HEADER_BYTES = 40;
/** Offsets in the header, all little-endian: docs/specs/layerFile.md. */
const Layout = {
    magic: 0,
    version: 4,
    byteLength: 8,
    padding: 12,
    /** xxHash64 of all that follows it. */
    checksum: 16,
    drawing: 24,
    layer: 28,
    size: 32,
    reserved: 36,
} as const;

/**
 * Returns the file of a drawn layer.
 *
 * @throws Error where `initHashAsync` has not been awaited on this thread
 */
export function encodeLayerFile(key: LayerFileKey, { color, relief }: LayerImage): Uint8Array<ArrayBuffer> {
    const file = new Uint8Array(HEADER_BYTES + color.length + relief.length);
    const view = new DataView(file.buffer);
    view.setUint32(Layout.magic, MAGIC, true);
    view.setUint32(Layout.version, VERSION, true);
    view.setUint32(Layout.byteLength, file.length, true);
    view.setUint32(Layout.drawing, key.drawing, true);
    view.setUint32(Layout.layer, key.layer, true);
    view.setUint32(Layout.size, key.size, true);
    file.set(color, HEADER_BYTES);
    file.set(relief, HEADER_BYTES + color.length);
    view.setBigUint64(Layout.checksum, checksumOf(file), true);
    return file;
}

/**
 * Returns the layer in a file, as views on it; null where the bytes are no whole file of this version that holds what `key` says.
 *
 * @throws Error where `initHashAsync` has not been awaited on this thread
 */
export function decodeLayerFile(file: Uint8Array<ArrayBuffer>, key: LayerFileKey): LayerImage | null {
    const imageBytes = 4 * key.size * key.size;
    if (file.length !== HEADER_BYTES + 2 * imageBytes) {
        return null;
    }
    const view = new DataView(file.buffer, file.byteOffset, HEADER_BYTES);
    const at = (offset: number): number => view.getUint32(offset, true);
    const isOurs =
        at(Layout.magic) === MAGIC &&
        at(Layout.version) === VERSION &&
        at(Layout.byteLength) === file.length &&
        at(Layout.padding) === 0 &&
        view.getBigUint64(Layout.checksum, true) === checksumOf(file) &&
        at(Layout.drawing) === key.drawing &&
        at(Layout.layer) === key.layer &&
        at(Layout.size) === key.size &&
        at(Layout.reserved) === 0;
    if (!isOurs) {
        return null;
    }
    return {
        color: file.subarray(HEADER_BYTES, HEADER_BYTES + imageBytes),
        relief: file.subarray(HEADER_BYTES + imageBytes),
    };
}

function checksumOf(file: Uint8Array): bigint {
    return hash64Of(file.subarray(Layout.drawing));
}
