import type { ChunkMeshSlot, SlotClass } from "./chunkMeshSlot.js";

/** A slot serves a chunk that fills at least this share of it: better than a new one. */
const ANY_FIT = 0.25;

type SlotKind = Pick<SlotClass, "isHeightGrid" | "hasWalls" | "is32Bits">;

/** Slots that no chunk uses, by what fits in them. */
export class FreeSlots {
    private readonly _heightGrids: ChunkMeshSlot[] = [];
    private readonly _walledGrids: ChunkMeshSlot[] = [];
    private readonly _fused16: ChunkMeshSlot[] = [];
    private readonly _fused32: ChunkMeshSlot[] = [];

    public add(slot: ChunkMeshSlot): void {
        this._listOf(slot.slotClass).push(slot);
    }

    /** The smallest slot of a kind that holds `need` vertices and is not far too large; null where there is none. */
    public take(kind: SlotKind, need: number): ChunkMeshSlot | null {
        const list = this._listOf(kind);
        if (kind.isHeightGrid) {
            return list.pop() ?? null;
        }
        let best = -1;
        for (let i = 0; i < list.length; i++) {
            const { vertexCapacity } = list[i]!.slotClass;
            const isBetter = best < 0 || vertexCapacity < list[best]!.slotClass.vertexCapacity;
            if (vertexCapacity >= need && need >= vertexCapacity * ANY_FIT && isBetter) {
                best = i;
            }
        }
        if (best < 0) {
            return null;
        }
        const slot = list[best]!;
        list[best] = list[list.length - 1]!;
        list.pop();
        return slot;
    }

    /** Takes one out, wherever it is. */
    public remove(slot: ChunkMeshSlot): void {
        const list = this._listOf(slot.slotClass);
        list.splice(list.indexOf(slot), 1);
    }

    /** Takes all out. */
    public drain(): ChunkMeshSlot[] {
        return [this._heightGrids, this._walledGrids, this._fused16, this._fused32].flatMap((list) => list.splice(0));
    }

    private _listOf({ isHeightGrid, hasWalls, is32Bits }: SlotKind): ChunkMeshSlot[] {
        if (isHeightGrid) {
            return hasWalls ? this._walledGrids : this._heightGrids;
        }
        return is32Bits ? this._fused32 : this._fused16;
    }
}
