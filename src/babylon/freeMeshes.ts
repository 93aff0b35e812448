import type { MeshKind } from "./meshKinds.js";
import type { SingleChunkMesh } from "./singleChunkMesh.js";

/** Least share of a mesh that a chunk must fill to get it rather than a new one. */
const ANY_FIT = 0.25;

/** The meshes that have no chunk now, by what fits in them. */
export class FreeMeshes {
    private readonly _heightGrids: SingleChunkMesh[] = [];
    private readonly _walledGrids: SingleChunkMesh[] = [];
    private readonly _fused16: SingleChunkMesh[] = [];
    private readonly _fused32: SingleChunkMesh[] = [];

    public add(mesh: SingleChunkMesh): void {
        this._listOf(mesh.kind).push(mesh);
    }

    /**
     * Takes out the smallest mesh of a kind that holds `need` vertices and is not far too large. Returns null where there is
     * none.
     */
    public take(kind: MeshKind, need: number): SingleChunkMesh | null {
        const list = this._listOf(kind);
        if (kind.isHeightGrid) {
            return list.pop() ?? null;
        }
        let best = -1;
        for (let i = 0; i < list.length; i++) {
            const { vertexCapacity } = list[i]!.kind;
            const isBetter = best < 0 || vertexCapacity < list[best]!.kind.vertexCapacity;
            if (vertexCapacity >= need && need >= vertexCapacity * ANY_FIT && isBetter) {
                best = i;
            }
        }
        if (best < 0) {
            return null;
        }
        const mesh = list[best]!;
        list[best] = list[list.length - 1]!;
        list.pop();
        return mesh;
    }

    /** Takes out a mesh that is in here. */
    public remove(mesh: SingleChunkMesh): void {
        const list = this._listOf(mesh.kind);
        list.splice(list.indexOf(mesh), 1);
    }

    /** Takes out all meshes. */
    public drain(): SingleChunkMesh[] {
        return [this._heightGrids, this._walledGrids, this._fused16, this._fused32].flatMap((list) => list.splice(0));
    }

    private _listOf({ isHeightGrid, hasWalls, is32Bits }: MeshKind): SingleChunkMesh[] {
        if (isHeightGrid) {
            return hasWalls ? this._walledGrids : this._heightGrids;
        }
        return is32Bits ? this._fused32 : this._fused16;
    }
}
