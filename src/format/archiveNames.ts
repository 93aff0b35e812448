import { contentOfTile, tileOfChunk, tileOfNode } from "./archiveTiles.js";
import { chunkFileName, parseChunkFileName } from "./chunkStoreKey.js";
import { manifestNodeName, parseManifestNodeName } from "./manifestNode.js";

/** Returns the tile that a file of a bake has; null where an archive has none of that name. */
export function tileOfName(name: string): number | null {
    const chunk = parseChunkFileName(name);
    if (chunk !== null) {
        return tileOfChunk(chunk);
    }
    const node = parseManifestNodeName(name);
    return node === null ? null : tileOfNode(node);
}

/** Returns the name of the file that a tile holds; null where no archive has such a tile. */
export function nameOfTile(id: number): string | null {
    const content = contentOfTile(id);
    return content === null ? null : "chunk" in content ? chunkFileName(content.chunk) : manifestNodeName(content.node);
}
