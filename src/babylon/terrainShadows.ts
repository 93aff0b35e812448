import type { AbstractMesh } from "@babylonjs/core/Meshes/abstractMesh.js";
import type { ShadowGenerator } from "@babylonjs/core/Lights/Shadows/shadowGenerator.js";
import type { Scene } from "@babylonjs/core/scene.js";
import { TerraneError } from "../base/errors.js";
import { ChunkMesh } from "./chunkMesh.js";
import type { ChunkMeshContext } from "./chunkMeshContext.js";

/**
 * Asserts that a world's chunks can be casters of `generator`.
 *
 * @throws TerraneError where it is no shadow generator, is disposed, or belongs to another scene
 */
export function assertShadowGenerator(generator: ShadowGenerator, scene: Scene): void {
    const isGenerator = typeof generator?.getShadowMap === "function" && typeof generator.getLight === "function";
    if (!isGenerator) {
        throw new TerraneError(
            "generator",
            generator,
            "a ShadowGenerator or a CascadedShadowGenerator",
            "Make one for a light of the scene: new CascadedShadowGenerator(1024, light).",
        );
    }
    if (generator.getShadowMap() === null) {
        throw new TerraneError("generator", "disposed", "one that is not", "Make a new one.");
    }
    if (generator.getLight().getScene() !== scene) {
        throw new TerraneError(
            "generator",
            "of another scene",
            "one whose light is in the world's scene",
            "Make one for a light of that scene.",
        );
    }
}

/** Keeps the chunks that a world shows among a shadow generator's casters. `TerrainWorld.castShadows` creates one. */
export class TerrainShadows {
    private _list: AbstractMesh[] | null = null;
    private _revision = -1;
    private _isDisposed = false;

    /** @internal */
    public constructor(
        /** The shadow generator whose list is kept. */
        public readonly generator: ShadowGenerator,
        private readonly _context: ChunkMeshContext,
    ) {
        this.update();
    }

    /** Whether it has ended: by `dispose()`, with its world, or in the first frame after its generator was disposed. */
    public get isDisposed(): boolean {
        return this._isDisposed;
    }

    /**
     * Brings the generator's list up to date. Does nothing while the chunks shown and the list are those of the last call.
     *
     * @internal
     */
    public update(): void {
        const map = this._isDisposed ? null : this.generator.getShadowMap();
        if (map === null) {
            this._forget();
            return;
        }
        const { shown } = this._context;
        const list = map.renderList;
        // A generator whose map is made anew keeps its list; who gives it another one, or none, finds the chunks in it again.
        if (list !== null && list === this._list && this._revision === shown.revision) {
            return;
        }
        this._list = list ?? (map.renderList = []);
        this._revision = shown.revision;
        this._write(this._list, shown.meshes);
        // A map that is not drawn every frame would keep the shadows of ground that has gone.
        map.resetRefreshCounter();
    }

    /** Takes the chunks off the generator's list for good. A second call does nothing. */
    public dispose(): void {
        if (!this._isDisposed && this._list !== null && this.generator.getShadowMap()?.renderList === this._list) {
            this._write(this._list, []);
        }
        this._forget();
    }

    private _forget(): void {
        this._isDisposed = true;
        this._list = null;
    }

    /**
     * Replaces the chunks in `list` by `meshes`, after the casters of others. Babylon notices that a list becomes empty, or no
     * longer is, only where an array's methods change it.
     */
    private _write(list: AbstractMesh[], meshes: readonly AbstractMesh[]): void {
        let length = 0;
        for (let i = 0; i < list.length; i++) {
            const mesh = list[i]!;
            if (!(mesh instanceof ChunkMesh && mesh.context === this._context)) {
                list[length++] = mesh;
            }
        }
        const total = length + meshes.length;
        if (total === 0) {
            list.splice(0);
            return;
        }
        if (list.length === 0) {
            list.push(meshes[0]!);
        }
        for (let i = 0; i < meshes.length; i++) {
            list[length++] = meshes[i]!;
        }
        list.length = total;
    }
}
