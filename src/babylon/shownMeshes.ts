import type { Mesh } from "@babylonjs/core/Meshes/mesh.js";

/** A mesh that can be among those shown. */
export interface ShowableMesh extends Mesh {
    /** Index in `ShownMeshes.meshes`; -1 while it is hidden. Only `ShownMeshes` sets it. */
    placeAmongShown: number;
}

/** The meshes that draw a world's chunks now, in no order. Allocates only when there are more of them than ever before. */
export class ShownMeshes {
    private readonly _meshes: ShowableMesh[] = [];
    private _revision = 0;

    /** The live list. Do not keep it: it changes as chunks come and go. */
    public get meshes(): readonly ShowableMesh[] {
        return this._meshes;
    }

    /** A number that changes whenever a mesh is shown or hidden. */
    public get revision(): number {
        return this._revision;
    }

    public add(mesh: ShowableMesh): void {
        if (mesh.placeAmongShown < 0) {
            mesh.placeAmongShown = this._meshes.push(mesh) - 1;
            this._revision++;
        }
    }

    public remove(mesh: ShowableMesh): void {
        const place = mesh.placeAmongShown;
        if (place < 0) {
            return;
        }
        mesh.placeAmongShown = -1;
        const last = this._meshes.pop()!;
        if (last !== mesh) {
            this._meshes[place] = last;
            last.placeAmongShown = place;
        }
        this._revision++;
    }
}
