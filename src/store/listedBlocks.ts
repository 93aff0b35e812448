import type { ListedManifest } from "../format/manifest.js";
import { decodeManifestNode, encodeBlockNode, nodeEntryOf, type ManifestNode } from "../format/manifestNode.js";
import { blocksOf, sortedChunks } from "../format/manifestTree.js";
import { squareKey } from "../space/chunkSquare.js";

/** The chunks of one level. */
export interface LevelSummary {
    /** Face of a planet, 0 to 5; `NO_FACE` on flat worlds. */
    readonly face: number;
    readonly level: number;
    readonly chunkCount: number;
}

/** Returns the blocks of a manifest of version 1 as nodes, by `squareKey`: a tenth of the memory that its list takes. */
export function blocksOfListed({ chunks }: ListedManifest, world: string): Map<number, ManifestNode> {
    const nodes = new Map<number, ManifestNode>();
    for (const { block, chunks: inBlock } of blocksOf(sortedChunks(chunks))) {
        const bytes = encodeBlockNode(world, block, inBlock);
        const node = decodeManifestNode(bytes, world, nodeEntryOf(block, inBlock.size, "", bytes));
        if (typeof node === "string") {
            throw new Error(`A block of a list of chunks ${node}.`);
        }
        nodes.set(squareKey(block), node);
    }
    return nodes;
}

/** Returns the levels of blocks, which stand by face and level. */
export function levelsOfBlocks(blocks: Iterable<ManifestNode>): LevelSummary[] {
    const levels: LevelSummary[] = [];
    for (const { square, chunkCount } of blocks) {
        const last = levels.at(-1);
        if (last?.face === square.face && last.level === square.level) {
            levels[levels.length - 1] = { ...last, chunkCount: last.chunkCount + chunkCount };
        } else {
            levels.push({ face: square.face, level: square.level, chunkCount });
        }
    }
    return levels;
}
