import { AvailableBlocks } from "../../src/residency/availableBlocks.js";
import { BLOCK_WORDS } from "../../src/space/blockBits.js";
import { slotOfChunk } from "../../src/space/chunkSquare.js";
import { childX, childZ, parentCoordinate } from "../../src/space/chunkTree.js";
import type { Random } from "./randomRecipe.js";

/** Chunks of several levels, as a bake has them, and who tells a world of them, one block after another, when told to. */
export class BakedPyramid {
    public readonly available: AvailableBlocks;
    /** Blocks that were asked for and not told of yet. */
    public readonly asked: { face: number; level: number; x: number; z: number }[] = [];
    private readonly _texts: ReadonlySet<string>;

    /** @param texts of the chunks: `level/x/z` */
    public constructor(texts: Iterable<string>) {
        this._texts = new Set(texts);
        const levels = [...new Set([...this._texts].map((text) => Number(text.slice(0, text.indexOf("/")))))];
        this.available = new AvailableBlocks({
            storeCount: 1,
            finestLevel: Math.min(...levels),
            coarsestLevel: Math.max(...levels),
        });
    }

    public has(level: number, x: number, z: number): boolean {
        return this._texts.has(`${level}/${x}/${z}`);
    }

    public hasText(text: string): boolean {
        return this._texts.has(text);
    }

    /** Begins a frame, and tells of `count` of the blocks that were asked for. */
    public answer(count = Number.POSITIVE_INFINITY): void {
        this.available.takePending({ visitBlock: (face, level, x, z) => void this.asked.push({ face, level, x, z }) });
        for (const { face, level, x, z } of this.asked.splice(0, count)) {
            this.available.setBlock(0, face, level, x, z, this.bitsOf(level, x, z));
        }
    }

    public bitsOf(level: number, startX: number, startZ: number): Uint32Array {
        const bits = new Uint32Array(BLOCK_WORDS);
        for (let z = startZ; z < startZ + 32; z++) {
            for (let x = startX; x < startX + 32; x++) {
                const slot = slotOfChunk(x, z);
                bits[slot >> 5]! |= this.has(level, x, z) ? 1 << (slot & 31) : 0;
            }
        }
        return bits;
    }
}

/**
 * The chunks of levels 0 to `top` over `side` x `side` chunks of level 0 around the origin, with all siblings below the top:
 * as `terrane bake --levels` has them.
 */
export function pyramidAround(side: number, top: number, x = 0, z = 0): BakedPyramid {
    const texts = new Set<string>();
    for (let level = 0; level <= top; level++) {
        for (let j = -side / 2; j < side / 2; j++) {
            for (let i = -side / 2; i < side / 2; i++) {
                const [ownX, ownZ] = [(x + i) >> level, (z + j) >> level];
                if (level === top) {
                    texts.add(`${level}/${ownX}/${ownZ}`);
                    continue;
                }
                for (let child = 0; child < 4; child++) {
                    const parentX = parentCoordinate(ownX);
                    const parentZ = parentCoordinate(ownZ);
                    texts.add(`${level}/${childX(parentX, child)}/${childZ(parentZ, child)}`);
                }
            }
        }
    }
    return new BakedPyramid(texts);
}

/** Any chunks below some of the top level: with all children, some of them, or none. */
export function randomPyramid(random: Random, top: number, reach: number): BakedPyramid {
    const texts = new Set<string>([`${top}/0/0`]);
    const add = (level: number, x: number, z: number): void => {
        texts.add(`${level}/${x}/${z}`);
        const kind = random.next();
        for (let child = 0; child < 4 && level > 0 && kind < 0.9; child++) {
            // Of some there are only some children, which may have children in their turn.
            if (kind < 0.7 || random.next() < 0.6) {
                add(level - 1, childX(x, child), childZ(z, child));
            }
        }
    };
    for (let z = -reach; z < reach; z++) {
        for (let x = -reach; x < reach; x++) {
            if (random.next() < 0.7) {
                add(top, x, z);
            }
        }
    }
    return new BakedPyramid(texts);
}
