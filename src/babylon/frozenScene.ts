import type { AbstractMesh } from "@babylonjs/core/Meshes/abstractMesh.js";
import type { SubMesh } from "@babylonjs/core/Meshes/subMesh.js";
import { Logger } from "@babylonjs/core/Misc/logger.js";
import type { SmartArray } from "@babylonjs/core/Misc/smartArray.js";
import type { Scene } from "@babylonjs/core/scene.js";
import { ChunkMesh } from "./chunkMesh.js";
import type { ChunkMeshContext } from "./chunkMeshContext.js";

/** The method by which Babylon dispatches a mesh, which it keeps private. */
interface ActiveMeshes {
    _activeMesh(sourceMesh: AbstractMesh, mesh: AbstractMesh): void;
}

interface FreeingOfLists {
    _preventFreeActiveMeshesAndRenderingGroups: boolean;
}

const DISPATCHED = ["_opaqueSubMeshes", "_alphaTestSubMeshes", "_transparentSubMeshes", "_depthOnlySubMeshes"] as const;

/** The lists of a rendering group, which Babylon keeps private. */
type DispatchedSubMeshes = Record<(typeof DISPATCHED)[number], SmartArray<SubMesh>>;

/**
 * Lets chunks come and go in a scene whose active meshes are frozen, in which Babylon draws those of one moment for ever. Adds
 * the chunk meshes that are shown since, and those that were out of view then; `ChunkMesh.render` leaves out what is hidden or
 * out of view now. Other meshes of the scene stay as they were frozen.
 */
export class FrozenScene {
    private _hasWarned = false;

    public constructor(
        private readonly _scene: Scene,
        private readonly _context: ChunkMeshContext,
        /** The world's name, for messages. */
        private readonly _name: string,
    ) {}

    /** Brings Babylon's lists up to date. To be called once a frame, after the picture has changed. Allocates nothing. */
    public update(): void {
        const { _scene: scene } = this;
        if (!scene._activeMeshesFrozen) {
            return;
        }
        if (scene.frameGraph) {
            this._warn();
            return;
        }
        const active = scene.getActiveMeshes();
        // Of an empty list Babylon takes stock anew in this very frame.
        if (active.length > 0) {
            this._addTo(active);
        }
    }

    private _addTo(active: ReturnType<Scene["getActiveMeshes"]>): void {
        const shown = this._context.shown.meshes as readonly ChunkMesh[];
        for (let i = 0; i < shown.length; i++) {
            shown[i]!.isInFrozenList = false;
        }
        for (let i = 0; i < active.length; i++) {
            const mesh = active.data[i]!;
            if (mesh instanceof ChunkMesh && mesh.context === this._context) {
                mesh.isInFrozenList = true;
            }
        }
        for (let i = 0; i < shown.length; i++) {
            const mesh = shown[i]!;
            if (!mesh.isInFrozenList) {
                active.push(mesh);
                (this._scene as unknown as ActiveMeshes)._activeMesh(mesh, mesh);
            }
        }
    }

    // A frame graph's tasks have frozen lists of their own, which nobody else reaches.
    private _warn(): void {
        if (!this._hasWarned) {
            this._hasWarned = true;
            Logger.Error(
                `Terrane world "${this._name}": the scene's active meshes are frozen and a frame graph draws them, so ` +
                    "chunks that come and go are drawn wrong: call scene.unfreezeActiveMeshes().",
            );
        }
    }
}

/**
 * Runs `dispose`, which disposes chunk meshes. Disposing any mesh empties Babylon's lists of what is active, and frozen ones
 * would be taken anew from where the camera looks now: they are kept, without the chunk meshes that are gone.
 */
export function keepFrozenLists(scene: Scene, dispose: () => void): void {
    // Not `blockfreeActiveMeshesAndRenderingGroups`, which empties them when it is set.
    const blocked = scene as unknown as FreeingOfLists;
    const wasBlocked = blocked._preventFreeActiveMeshesAndRenderingGroups;
    blocked._preventFreeActiveMeshesAndRenderingGroups = wasBlocked || scene._activeMeshesFrozen;
    try {
        dispose();
    } finally {
        blocked._preventFreeActiveMeshesAndRenderingGroups = wasBlocked;
    }
    if (scene._activeMeshesFrozen) {
        leaveOut(scene.getActiveMeshes(), isDisposedChunkMesh);
        for (const group of scene.renderingManager.renderingGroups) {
            for (const name of DISPATCHED) {
                leaveOut((group as unknown as DispatchedSubMeshes)[name], isOfDisposedChunkMesh);
            }
        }
    }
}

function isDisposedChunkMesh(mesh: AbstractMesh): boolean {
    return mesh instanceof ChunkMesh && mesh.isDisposed();
}

function isOfDisposedChunkMesh(subMesh: SubMesh): boolean {
    return isDisposedChunkMesh(subMesh.getMesh());
}

function leaveOut<T>(list: SmartArray<T>, isLeftOut: (item: T) => boolean): void {
    let length = 0;
    for (let i = 0; i < list.length; i++) {
        const item = list.data[i]!;
        if (!isLeftOut(item)) {
            list.data[length++] = item;
        }
    }
    // What lies beyond a list's length is held, too.
    list.data.fill(undefined as T, length, list.length);
    list.length = length;
}
