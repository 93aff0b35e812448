import { NO_FACE, type ChunkAddress } from "../../src/space/chunkAddress.js";
import { addressKey, levelOfKey, xOfKey, zOfKey } from "../../src/space/chunkKey.js";
import { sideAt } from "../../src/space/topology.js";

/** The side of a chunk beyond which a coarser one is drawn. */
export interface LevelBorder {
    /** Metres: its middle, and how long it is. */
    readonly x: number;
    readonly z: number;
    readonly length: number;
    /** 1 where it runs along x, 0 where along z. */
    readonly alongX: 0 | 1;
    /** Levels between the two. */
    readonly jump: number;
}

/** From a chunk's middle to those of its sides, in sides. */
const SIDES = [
    [-0.5, 0],
    [0.5, 0],
    [0, -0.5],
    [0, 0.5],
] as const;

/** Which levels a flat world draws where: two and more where one dissolves into the other. */
export class DrawnLevels {
    /** Meshes that draw a chunk, by its key: while an old one dissolves there may be another. */
    private readonly _counts = new Map<number, number>();
    /** Chunks by level. */
    private readonly _perLevel: number[] = [];

    public constructor(private readonly _chunkSize: number) {}

    public add({ level, x, z }: ChunkAddress): void {
        const key = addressKey(NO_FACE, level, x, z);
        this._counts.set(key, (this._counts.get(key) ?? 0) + 1);
        this._perLevel[level] = (this._perLevel[level] ?? 0) + 1;
    }

    public remove({ level, x, z }: ChunkAddress): void {
        const key = addressKey(NO_FACE, level, x, z);
        const count = this._counts.get(key) ?? 0;
        if (count === 0) {
            throw new Error(`${level}/${x}/${z} is hidden and was never shown`);
        }
        if (count === 1) {
            this._counts.delete(key);
        } else {
            this._counts.set(key, count - 1);
        }
        this._perLevel[level]!--;
    }

    /** Returns the levels drawn at a place, a bit each. */
    public levelsAt(x: number, z: number): number {
        let levels = 0;
        for (let level = 0; level < this._perLevel.length; level++) {
            const side = sideAt(this._chunkSize, level);
            if (
                (this._perLevel[level] ?? 0) > 0 &&
                this._counts.has(addressKey(NO_FACE, level, Math.floor(x / side), Math.floor(z / side)))
            ) {
                levels |= 1 << level;
            }
        }
        return levels;
    }

    /** Returns the finest level drawn at a place; -1 where none is. */
    public finestAt(x: number, z: number): number {
        const levels = this.levelsAt(x, z);
        return levels === 0 ? -1 : 31 - Math.clz32(levels & -levels);
    }

    /** Returns the chunks that are drawn, finest first, then by place: always in the same order. */
    public chunks(): { level: number; x: number; z: number }[] {
        return [...this._counts.keys()]
            .sort((a, b) => a - b)
            .map((key) => ({ level: levelOfKey(key), x: xOfKey(key), z: zOfKey(key) }));
    }

    /** Returns the sides of chunks beyond which coarser ones are drawn. */
    public borders(): LevelBorder[] {
        const found: LevelBorder[] = [];
        for (const { level, x, z } of this.chunks()) {
            const length = sideAt(this._chunkSize, level);
            for (const [dx, dz] of SIDES) {
                // Just beyond: of two chunks the finer has the other beyond the middle of its side.
                const levels = this.levelsAt((x + 0.5 + dx * 1.001) * length, (z + 0.5 + dz * 1.001) * length);
                const jump = 31 - Math.clz32(levels) - level;
                if (levels !== 0 && jump > 0) {
                    found.push({
                        x: (x + 0.5 + dx) * length,
                        z: (z + 0.5 + dz) * length,
                        alongX: dx === 0 ? 1 : 0,
                        length,
                        jump,
                    });
                }
            }
        }
        return found;
    }

    /** Returns the greatest difference of levels between chunks that are drawn side by side. */
    public greatestJump(): number {
        return this.borders().reduce((greatest, { jump }) => Math.max(greatest, jump), 0);
    }

    /** Returns how many chunks of each level are drawn. */
    public perLevel(): number[] {
        return Array.from(this._perLevel, (count) => count ?? 0);
    }
}
