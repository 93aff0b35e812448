import { rootHashOf, type Manifest, type ManifestChunk } from "../../src/format/manifest.js";
import { parseAddress } from "../../src/space/chunkAddress.js";

/** Returns the text of a manifest of version 1, as earlier releases wrote it. */
export function listedText({ chunkFormatVersion, generatorVersion, recipe, ...manifest }: Manifest): string {
    const chunks = byRows(manifest.chunks);
    const rootHash = rootHashOf({ version: 1, chunkFormatVersion, generatorVersion, recipe, chunks, rootHash: "" });
    const kind = "terrane-manifest";
    const fields = Object.entries({ kind, version: 1, chunkFormatVersion, generatorVersion, rootHash, recipe }).map(
        ([key, value]) => `    ${JSON.stringify(key)}: ${JSON.stringify(value)}`,
    );
    const lines = chunks.map((chunk) => `        ${JSON.stringify(chunk)}`).join(",\n");
    return `{\n${[...fields, `    "chunks": [\n${lines}\n    ]`].join(",\n")}\n}\n`;
}

/** Returns chunks in the order of version 1: by level, then z, then x. */
export function byRows(chunks: readonly ManifestChunk[]): ManifestChunk[] {
    return chunks
        .map((chunk) => ({ chunk, address: parseAddress(chunk.address) }))
        .sort(({ address: a }, { address: b }) => a.face - b.face || a.level - b.level || a.z - b.z || a.x - b.x)
        .map(({ chunk }) => chunk);
}
