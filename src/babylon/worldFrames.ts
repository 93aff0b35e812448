import type { Camera } from "@babylonjs/core/Cameras/camera.js";
import type { ShadowGenerator } from "@babylonjs/core/Lights/Shadows/shadowGenerator.js";
import { Logger } from "@babylonjs/core/Misc/logger.js";
import type { Scene } from "@babylonjs/core/scene.js";
import { runAll } from "../base/runAll.js";
import type { TerrainCore } from "../runtime/terrainCore.js";
import type { RuntimeView } from "../runtime/terrainRuntime.js";
import { ActiveCameraViewers } from "./activeCameraViewers.js";
import { verticalFovOf } from "./cameraPicture.js";
import { mainCameraOf } from "./cameraViewer.js";
import type { ChunkMeshPool } from "./chunkMeshPool.js";
import type { FrameRecorder } from "./frameRecorder.js";
import { FrozenScene } from "./frozenScene.js";
import type { PooledChunk } from "./pooledChunk.js";
import type { FrameDriven } from "./terrainSceneComponent.js";
import { TerrainShadows } from "./terrainShadows.js";
import type { WorldMaterial } from "./worldMaterial.js";

/** Frames without any viewer after which the world says that it waits for one. */
const PATIENT_FRAMES = 60;

export interface WorldFramesOptions {
    readonly name: string;
    readonly scene: Scene;
    readonly core: TerrainCore<PooledChunk>;
    readonly pool: ChunkMeshPool;
    readonly material: WorldMaterial;
    readonly recorder: FrameRecorder;
    readonly followsActiveCamera: boolean;
    /** Ends the world. */
    endWorld(): void;
}

/** What a world does in each frame of its scene. */
export class WorldFrames implements FrameDriven {
    private readonly _cameras: ActiveCameraViewers | null;
    private readonly _view = { verticalFov: 0.8, viewportHeight: 720 } satisfies RuntimeView;
    private readonly _stats;
    private readonly _shadows: TerrainShadows[] = [];
    private readonly _frozenScene: FrozenScene;
    private _framesWithoutViewer = 0;
    private _hasWarnedOfNoViewer = false;
    private _hasWarnedOfLoss = false;

    public constructor(private readonly _options: WorldFramesOptions) {
        const { name, scene, core, pool, followsActiveCamera } = _options;
        this._stats = core.getStats();
        this._cameras = followsActiveCamera ? new ActiveCameraViewers(scene, core.runtime) : null;
        this._frozenScene = new FrozenScene(scene, pool.context, name);
    }

    public get applyPriority(): number {
        return this._options.core.runtime.applyPriority;
    }

    public onBeforeFrame(): void {
        const { core, pool, recorder, scene } = this._options;
        this._repair();
        if (core.isDisposed) {
            return;
        }
        recorder.begin();
        this._cameras?.update();
        const camera = mainCameraOf(scene);
        if (camera !== null) {
            this._readView(camera);
        }
        pool.fades = core.runtime.settings.levelFadeTime > 0;
        core.runtime.beginFrame(this._view);
        this._framesWithoutViewer = core.runtime.hasViewer ? 0 : this._framesWithoutViewer + 1;
        if (this._framesWithoutViewer >= PATIENT_FRAMES) {
            this._warnOfNoViewer();
        }
        recorder.pause();
    }

    public applyNext(): boolean {
        const { core, recorder } = this._options;
        recorder.resume();
        const isApplied = core.runtime.applyNext();
        recorder.pause();
        return isApplied;
    }

    public onApplied(): void {
        const { pool, recorder } = this._options;
        recorder.resume();
        pool.update();
        this._frozenScene.update();
        this._updateShadows();
        recorder.pause();
    }

    public onAfterFrame(): void {
        const { core, recorder } = this._options;
        core.runtime.fillStats(this._stats);
        recorder.end(this._stats.pooledBytes, this._stats.poolMisses);
        // After the frame, so that whoever waits finds it drawn.
        core.endFrame();
    }

    public onContextRestored(): void {
        this._options.pool.rebuild();
    }

    /** The scene component ends with its worlds. */
    public dispose(): void {
        this._options.endWorld();
    }

    /** Returns the shadows that a generator casts of the ground, from now on; the same generator again gives the same. */
    public castShadows(generator: ShadowGenerator): TerrainShadows {
        for (const shadows of this._shadows) {
            if (shadows.generator === generator && !shadows.isDisposed) {
                return shadows;
            }
        }
        const shadows = new TerrainShadows(generator, this._options.pool.context);
        this._shadows.push(shadows);
        return shadows;
    }

    /** Says, once, that nobody looks, where that is so. */
    public warnWithoutViewer(): void {
        const followsCamera = this._cameras !== null && mainCameraOf(this._options.scene) !== null;
        if (!followsCamera && this._options.core.viewerCount === 0) {
            this._warnOfNoViewer();
        }
    }

    /** Lets go of cameras and shadow generators. */
    public end(): void {
        runAll([() => this._cameras?.clear(), () => this._shadows.splice(0).forEach((shadows) => shadows.dispose())]);
    }

    /** Replaces what somebody else has disposed of what the world draws with. Where that cannot be, the world ends. */
    private _repair(): void {
        const { name, pool, material } = this._options;
        let meshes: number;
        let isMaterialLost: boolean;
        try {
            meshes = pool.repair();
            isMaterialLost = material.replaceLost();
            if (isMaterialLost) {
                pool.material = material.current;
            }
        } catch (error) {
            Logger.Error(
                `Terrane world "${name}" ends: somebody else has disposed what it draws with, ` +
                    `and it cannot make that anew: ${String(error)}`,
            );
            this._options.endWorld();
            return;
        }
        // The host may dispose its own material as it likes.
        const isLoss = meshes > 0 || (isMaterialLost && material.current !== null);
        if (isLoss && !this._hasWarnedOfLoss) {
            this._hasWarnedOfLoss = true;
            Logger.Warn(
                `Terrane world "${name}": somebody else has disposed its ${meshes > 0 ? "meshes" : "material"}. ` +
                    "They belong to the world, which has made them anew; to be rid of them call world.dispose().",
            );
        }
    }

    private _updateShadows(): void {
        const { _shadows: all } = this;
        for (let i = all.length - 1; i >= 0; i--) {
            all[i]!.update();
            if (all[i]!.isDisposed) {
                all.splice(i, 1);
            }
        }
    }

    private _readView(camera: Camera): void {
        const engine = this._options.scene.getEngine();
        const height = engine.getRenderHeight() * camera.viewport.height;
        const width = engine.getRenderWidth() * camera.viewport.width;
        const verticalFov = verticalFovOf(camera, width / height);
        if (height > 0 && verticalFov > 0) {
            this._view.viewportHeight = height;
            this._view.verticalFov = verticalFov;
        }
    }

    private _warnOfNoViewer(): void {
        if (!this._hasWarnedOfNoViewer) {
            this._hasWarnedOfNoViewer = true;
            const camera = this._cameras === null ? "" : "set scene.activeCamera, or ";
            Logger.Warn(
                `Terrane world "${this._options.name}" has no viewer yet, so it shows no ground and cannot become ready: ` +
                    `${camera}call world.addViewer({ position }).`,
            );
        }
    }
}
