import type { Material } from "@babylonjs/core/Materials/material.js";
import type { Scene } from "@babylonjs/core/scene.js";
import { FrameStep, type FrameRecord } from "../profiler/frameRecord.js";
import type { PerformanceProfiler } from "../profiler/performanceProfiler.js";
import type { ChunkBuffers } from "./chunkBuffers.js";
import { FadeVariant } from "./fade/fadeVariant.js";
import { RecordedRanges } from "./recordedRanges.js";
import { ShownMeshes } from "./shownMeshes.js";

/** What the main views of a frame, those of the active cameras, drew of a world. */
export interface DrawnCount {
    drawCalls: number;
    chunksInView: number;
    triangles: number;
}

/**
 * Measures the time that drawing a world's chunks takes on the calling thread, in all views together, and counts what the main
 * views draw.
 */
export class DrawMeter {
    private readonly _drawn: DrawnCount = { drawCalls: 0, chunksInView: 0, triangles: 0 };

    /** @param profiler whose clock is used; null to measure no time */
    public constructor(
        private readonly _profiler: PerformanceProfiler | null,
        private readonly _frame: FrameRecord,
    ) {}

    public get isOn(): boolean {
        return this._profiler?.isEnabled === true;
    }

    public now(): number {
        return this._profiler!.now();
    }

    /** Adds the time since `startedMs`. */
    public add(startedMs: number): void {
        this._frame.addToStep(FrameStep.drawTerrain, startedMs, this._profiler!.now());
    }

    /** Counts one draw call of a main view. */
    public count(chunks: number, triangles: number): void {
        this._drawn.drawCalls++;
        this._drawn.chunksInView += chunks;
        this._drawn.triangles += triangles;
    }

    /** Writes what was counted into `ref`, and counts from 0 again. */
    public takeDrawn(ref: DrawnCount): void {
        const { _drawn: drawn } = this;
        ref.drawCalls = drawn.drawCalls;
        ref.chunksInView = drawn.chunksInView;
        ref.triangles = drawn.triangles;
        drawn.drawCalls = 0;
        drawn.chunksInView = 0;
        drawn.triangles = 0;
    }
}

/** What the meshes of one world share. */
export class ChunkMeshContext {
    public readonly shown = new ShownMeshes();
    public readonly recordedRanges = new RecordedRanges();
    public readonly fadeVariant: FadeVariant;

    public constructor(
        scene: Scene,
        public readonly buffers: ChunkBuffers,
        public readonly meter: DrawMeter,
        /** Taken over by `ChunkMesh.applyMaterial`. */
        public material: Material | null,
        public receiveShadows: boolean,
    ) {
        this.fadeVariant = new FadeVariant(scene);
    }
}
