import type { AbstractEngine } from "@babylonjs/core/Engines/abstractEngine.js";
import type { Material } from "@babylonjs/core/Materials/material.js";
import type { Mesh } from "@babylonjs/core/Meshes/mesh.js";
import { Observable, type Observer } from "@babylonjs/core/Misc/observable.js";
import type { Scene } from "@babylonjs/core/scene.js";
import { TerraneError } from "../base/errors.js";
import type { Vec3Like } from "../base/vec3Like.js";
import { FieldSampler, type RaycastHit } from "../generators/fieldSampler.js";
import { PerformanceProfiler } from "../profiler/performanceProfiler.js";
import type { Recipe } from "../recipe/recipe.js";
import { TerrainRuntime, type RequestBand, type RuntimeView } from "../runtime/terrainRuntime.js";
import type { WorldStats } from "../runtime/worldStats.js";
import type { BakeExecutor } from "../scheduler/bakeExecutor.js";
import { assertAddress, parseAddress, type ChunkAddress } from "../space/chunkAddress.js";
import type { Viewer } from "../streaming/viewer.js";
import { ActiveCameraViewers, mainCameraOf, verticalFovOf } from "./cameraViewer.js";
import { ChunkMeshPool, type ChunkMeshPoolStats } from "./chunkMeshPool.js";
import { createTerrainMaterial } from "./material/terrainMaterialPlugin.js";
import { PlaceViewer, ReadinessWaiters, TerraneDisposedError } from "./readinessWaiters.js";
import { TerrainSceneComponent, type FrameDriven } from "./terrainSceneComponent.js";
import { assertSetting, assertViewer, type TerrainWorldOptions } from "./worldOptions.js";

/** A chunk that could not be baked and is given up. */
export interface ChunkFailure {
    readonly address: ChunkAddress;
    readonly error: Error;
}

/** What `TerrainWorld.getStats` answers: a plain object of this moment. */
export interface TerrainWorldStats extends WorldStats, ChunkMeshPoolStats {
    /** Chunks that the last frame drew into the main view. */
    drawCalls: number;
    /** Triangles of those, skirts included. */
    triangles: number;
}
