// A world with real workers that flies with a fault planted in it; `window.plantAsync` gives back the advice that follows.
import { FreeCamera } from "@babylonjs/core/Cameras/freeCamera.js";
import { Engine } from "@babylonjs/core/Engines/engine.js";
import { HemisphericLight } from "@babylonjs/core/Lights/hemisphericLight.js";
import { Vector3 } from "@babylonjs/core/Maths/math.vector.js";
import { Scene } from "@babylonjs/core/scene.js";
import { CreateTerrainWorldAsync } from "../../../src/babylon/createTerrainWorld.js";
import type { BakeBatchRequest } from "../../../src/bake/protocol.js";
import type { Bottleneck } from "../../../src/profiler/bottlenecks.js";
import type { Recommendation } from "../../../src/profiler/rules/rule.js";
import { Presets } from "../../../src/recipe/presets.js";
import type { BakeAnswer, BakeExecutor } from "../../../src/scheduler/bakeExecutor.js";
import { CreateWorkerpoolExecutorAsync } from "../../../src/scheduler/workerpoolExecutor.js";

export interface Fault {
    /** Milliseconds that each chunk's bake takes longer. */
    readonly slowMs?: number;
    readonly memoryLimitBytes?: number;
    readonly applyBudgetMs?: number;
    /** Whether uploads take no time: emulated in software, they take tens of times what they do on a GPU. */
    readonly isUploadFree?: boolean;
    /** Seconds after which what was measured is forgotten: what runs for the first time takes longer. Default 0. */
    readonly warmUpSeconds?: number;
}

export interface Findings {
    readonly recommendations: readonly Recommendation[];
    readonly bottlenecks: readonly Bottleneck[];
}

declare global {
    interface Window {
        plantAsync(fault: Fault, seconds: number): Promise<Findings>;
    }
}

/** Workers whose chunks take longer, as they would on a slower machine. */
class SlowExecutor implements BakeExecutor {
    public constructor(
        private readonly _inner: BakeExecutor,
        private readonly _slowMs: number,
    ) {}

    public get maxBatchesInFlight(): number {
        return this._inner.maxBatchesInFlight;
    }

    public get workerCount(): number {
        return this._inner.workerCount;
    }

    public async runBatchAsync(request: BakeBatchRequest, avoidWorker?: number): Promise<BakeAnswer> {
        const count = request.tasks.length;
        const answer = await this._inner.runBatchAsync(request, avoidWorker);
        await new Promise((resolve) => setTimeout(resolve, count * this._slowMs));
        const outcomes = answer.outcomes.map((outcome, i) =>
            outcome.ok
                ? {
                      ...outcome,
                      startedMs: outcome.startedMs + i * this._slowMs,
                      endedMs: outcome.endedMs + (i + 1) * this._slowMs,
                  }
                : outcome,
        );
        return { ...answer, outcomes };
    }

    public disposeAsync(): Promise<void> {
        return this._inner.disposeAsync();
    }
}

window.plantAsync = async ({ slowMs = 0, isUploadFree = false, warmUpSeconds = 0, ...options }, seconds) => {
    const canvas = document.createElement("canvas");
    canvas.width = 640;
    canvas.height = 360;
    const engine = new Engine(canvas, false);
    // What a software renderer takes for its drawing is not the fault that was planted.
    engine._gl.drawElements = () => {};
    if (isUploadFree) {
        engine._gl.bufferData = () => {};
        engine._gl.bufferSubData = () => {};
    }
    const scene = new Scene(engine);
    new HemisphericLight("light", Vector3.Up(), scene);
    const camera = new FreeCamera("camera", new Vector3(0, 300, 0), scene);
    const workers = await CreateWorkerpoolExecutorAsync({ workers: 2 });
    const world = await CreateTerrainWorldAsync("world", scene, {
        recipe: Presets.endless({ seed: 5 }),
        executor: slowMs > 0 ? new SlowExecutor(workers, slowMs) : workers,
        screenSpaceError: 2,
        ...options,
    });
    const startMs = performance.now();
    let isWarm = warmUpSeconds === 0;
    await new Promise<void>((resolve) => {
        engine.runRenderLoop(() => {
            camera.position.z += 4;
            camera.position.y = Math.max(0, world.sampleHeight(camera.position.x, camera.position.z)) + 40;
            scene.render();
            const ranMs = performance.now() - startMs;
            if (!isWarm && ranMs > 1000 * warmUpSeconds) {
                isWarm = true;
                world.profiler.reset();
            }
            if (ranMs > 1000 * (warmUpSeconds + seconds)) {
                resolve();
            }
        });
    });
    const findings = {
        recommendations: world.profiler.analyze(),
        bottlenecks: world.profiler.analyzeBottlenecks(),
    };
    engine.stopRenderLoop();
    scene.dispose();
    engine.dispose();
    return findings;
};
