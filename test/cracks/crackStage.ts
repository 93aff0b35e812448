import { FreeCamera } from "@babylonjs/core/Cameras/freeCamera.js";
import { Engine } from "@babylonjs/core/Engines/engine.js";
import { Color4 } from "@babylonjs/core/Maths/math.color.js";
import { Vector3 } from "@babylonjs/core/Maths/math.vector.js";
import type { Mesh } from "@babylonjs/core/Meshes/mesh.js";
import { Scene } from "@babylonjs/core/scene.js";
import { CreateTerrainWorldAsync } from "../../src/babylon/createTerrainWorld.js";
import type { TerrainWorld } from "../../src/babylon/terrainWorld.js";
import { FieldSampler } from "../../src/generators/fieldSampler.js";
import { compileKernelsAsync } from "../../src/kernels/kernelModule.js";
import { createKernels } from "../../src/kernels/kernels.js";
import { PerformanceProfiler } from "../../src/profiler/performanceProfiler.js";
import { CreateWorkerpoolExecutorAsync } from "../../src/scheduler/workerpoolExecutor.js";
import { Random } from "../support/randomRecipe.js";
import { DepthRule } from "./depthRule.js";
import { DrawnLevels } from "./drawnLevels.js";
import { directionAt, findHoles, isBackground, pictureUrl, type Hole, type Picture } from "./holes.js";
import { LateExecutor } from "./lateExecutor.js";
import { LevelHeights } from "./levelHeights.js";
import { arrangeAsync, type Arrangement } from "./manners.js";
import type { Pose } from "./places.js";
import { createRecipe } from "./recipes.js";
import { createUnlitMaterial } from "./unlitMaterial.js";
import type { View } from "./views.js";

/** What is broken on purpose, to see it found: borders without skirts, or a chunk near the eye that is not drawn. */
export type Plant = "noSkirts" | "hiddenChunk";

/** What a view showed. */
export interface Finding {
    /** Pixels that are holes, in the worst of its pictures. */
    readonly holes: number;
    /** Number of pictures: several in flight. */
    readonly pictures: number;
    /** Where the camera was in the worst of them, and one of its holes: its pixel counts from the bottom left. */
    readonly pose: Pose;
    readonly firstHole: (Hole & { readonly levels: string }) | null;
    /** Chunks by level, in the worst picture. */
    readonly drawn: readonly number[];
    /** The greatest difference of levels between chunks that are neighbours in the worst picture. */
    readonly jump: number;
    /** Exchanges that were under way. */
    readonly exchanges: number;
    /** A PNG, its holes white: where there are holes, or it is wanted. */
    readonly picture: string | null;
    readonly ms: { readonly ready: number; readonly draw: number; readonly check: number };
}

const ASPECT = 16 / 9;
/** Pixels by which a picture is wider on each side that is drawn to confirm what another showed. */
const MARGIN = 64;
const BACKGROUND = new Color4(1, 0, 1, 1);
/** Metres, as in the samples. */
const FARTHEST = 45_000;
const NEAREST = 0.25;
/** Radians. */
const FIELD_OF_VIEW = Math.PI / 3;
/** Metres. Rays that pass over all land go this far, and take the longer. */
const VIEW_DISTANCE = 4000;
/** Share of the view distance within which all ground is drawn: beyond it the roots end. */
const COVERED = 0.95;
/** Seconds that a view may take to be ready. */
const READY_SECONDS = 60;
const WORKERS = 1;

/** A world and the camera that looks at it. */
export class CrackStage {
    public readonly world: TerrainWorld;
    public readonly drawn: DrawnLevels;
    public readonly rule: DepthRule;
    /** Number of chunks that have come into the picture so far. */
    public shownCount = 0;
    /** Whether the GPU draws: until a view is ready it need not. */
    private _isDrawing = false;

    private constructor(
        public readonly key: string,
        private readonly _engine: Engine,
        private readonly _scene: Scene,
        public readonly camera: FreeCamera,
        world: TerrainWorld,
        public readonly late: LateExecutor,
        public readonly clock: StageClock,
        private readonly _fields: readonly [FieldSampler, FieldSampler, LevelHeights],
        private readonly _plant: Plant | undefined,
    ) {
        this.world = world;
        this.drawn = new DrawnLevels(world.recipe.chunkSize);
        world.onChunkShownObservable.add((address) => {
            this.drawn.add(address);
            this.shownCount++;
        });
        world.onChunkHiddenObservable.add((address) => this.drawn.remove(address));
        this.rule = new DepthRule(..._fields, this.drawn, world.viewDistance * COVERED);
        const gl = _engine._gl;
        const draw = gl.drawElements.bind(gl);
        gl.drawElements = (...args) => {
            if (this._isDrawing) {
                draw(...args);
            }
        };
    }

    /** Names what stages have in common that can show one view after another. */
    public static KeyOf({ sample, recipeSeed, height }: View, plant?: Plant): string {
        return [sample, recipeSeed, height, plant ?? ""].join(" ");
    }

    public static async CreateAsync(view: View, plant?: Plant): Promise<CrackStage> {
        const canvas = document.createElement("canvas");
        canvas.height = view.height;
        canvas.width = Math.round(view.height * ASPECT);
        const engine = new Engine(canvas, false, {
            useLargeWorldRendering: true,
            stencil: false,
            audioEngine: false,
        });
        // A shader that compiles beside the page would leave its meshes out of the picture.
        engine.getCaps().parallelShaderCompile = undefined;
        const scene = new Scene(engine);
        scene.clearColor = BACKGROUND;
        const camera = new FreeCamera("camera", Vector3.Zero(), scene);
        camera.fov = FIELD_OF_VIEW;
        camera.minZ = NEAREST;
        camera.maxZ = FARTHEST;
        const clock = new StageClock();
        const recipe = createRecipe(view.sample, view.recipeSeed);
        const kernels = createKernels(await compileKernelsAsync());
        const solid = { ...recipe, caves: { ...recipe.caves, enabled: false } };
        const fields = [
            new FieldSampler(recipe, kernels),
            new FieldSampler(solid, kernels),
            new LevelHeights(recipe, kernels),
        ] as const;
        const late = new LateExecutor(await CreateWorkerpoolExecutorAsync({ workers: WORKERS }));
        const world = await CreateTerrainWorldAsync("world", scene, {
            recipe,
            material: createUnlitMaterial(scene),
            executor: late,
            profiler: new PerformanceProfiler({ now: () => clock.now() }),
            viewDistance: VIEW_DISTANCE,
            prefetchTime: 0,
            applyBudgetMs: 100,
            applyBudgetBytes: 2 ** 30,
            skirts: plant !== "noSkirts",
        });
        return new CrackStage(CrackStage.KeyOf(view, plant), engine, scene, camera, world, late, clock, fields, plant);
    }

    /** Brings a view about and looks for holes in it. */
    public async lookAsync(view: View, keepsPicture: boolean): Promise<Finding> {
        const startMs = performance.now();
        const looks: Omit<Finding, "pictures" | "ms">[] = [];
        const ms = { ready: 0, draw: 0, check: 0 };
        const arrangement: Arrangement = {
            stage: this,
            view,
            random: new Random(view.chance),
            look: () => looks.push(this._look(ms, keepsPicture)),
        };
        await arrangeAsync(arrangement);
        ms.ready = performance.now() - startMs - ms.draw - ms.check;
        const worst = looks.reduce((a, b) => (b.holes > a.holes ? b : a));
        return { ...worst, pictures: looks.length, ms };
    }

    /** Whether nothing is being baked, and nothing waits to be shown. */
    public get isIdle(): boolean {
        const { pendingRequests, bakingChunks, waitingForUpload } = this.world.getStats();
        return pendingRequests + bakingChunks + waitingForUpload === 0;
    }

    public moveTo({ x, y, z, yaw, pitch }: Pose): void {
        this.camera.position.set(x, y, z);
        this.camera.rotation.set(pitch, yaw, 0);
    }

    /** Runs a frame that draws nothing, and lets workers' answers come in. */
    public async frameAsync(): Promise<void> {
        this._scene.render();
        if (!this.world.isSelectionFrozen && !this.world.isStreamingPaused) {
            this.rule.centre.x = this.camera.position.x;
            this.rule.centre.z = this.camera.position.z;
        }
        await nextTurnAsync();
    }

    /** Runs frames until the view is whole, and shaders are there to draw it with. */
    public async settleAsync(): Promise<void> {
        await this.framesUntilAsync(this.readiness());
        await this.framesUntilAsync(() => this._scene.isReady());
    }

    /** Returns what tells, from now on, whether the view is whole. */
    public readiness(): () => boolean {
        let isReady = false;
        this.world.whenReadyAsync().then(
            () => (isReady = true),
            () => undefined,
        );
        return () => isReady;
    }

    /** Runs frames, at least one, until something is so. */
    public async framesUntilAsync(isSo: () => boolean): Promise<void> {
        const endMs = performance.now() + 1000 * READY_SECONDS;
        do {
            await this.frameAsync();
            if (performance.now() > endMs) {
                const { x, y, z } = this.camera.position;
                throw new Error(`${this.key}: not ready after ${READY_SECONDS} s at ${x}, ${y}, ${z}`);
            }
        } while (!isSo());
    }

    public async disposeAsync(): Promise<void> {
        this._scene.dispose();
        this._engine.dispose();
        this._fields.forEach((field) => field.dispose());
        await nextTurnAsync();
    }

    /** Draws a frame and looks at every pixel of it. */
    private _look(ms: Finding["ms"] & { draw: number; check: number }, keepsPicture: boolean) {
        const startMs = performance.now();
        const { isStreamingPaused } = this.world;
        const { isStopped } = this.clock;
        const picture = this._draw();
        // What is drawn stays as it is until all of it has been looked at.
        this.world.isStreamingPaused = true;
        this.clock.stop();
        const drawnMs = performance.now();
        const { position, rotation } = this.camera;
        const found = findHoles(picture, this.camera, this.rule);
        const holes = found.length > 0 ? this._confirm(found, picture) : found;
        const first = holes[0] ?? null;
        ms.draw += drawnMs - startMs;
        ms.check += performance.now() - drawnMs;
        this.world.isStreamingPaused = isStreamingPaused;
        if (!isStopped) {
            this.clock.goOn();
        }
        return {
            holes: holes.length,
            pose: { x: position.x, y: position.y, z: position.z, yaw: rotation.y, pitch: rotation.x },
            firstHole: first === null ? null : { ...first, levels: this._levelsOn(first, picture) },
            drawn: this.drawn.perLevel(),
            jump: this.drawn.greatestJump(),
            exchanges: this.world.getStats().fadingExchanges,
            picture: holes.length > 0 || keepsPicture ? pictureUrl(picture, holes) : null,
        };
    }

    /**
     * Returns the holes that are there in a wider picture, too. Renderers clip triangles at the picture's edge, and edges that are
     * clipped may part, by less than a pixel's share that no mesh has to do with.
     */
    private _confirm(found: readonly Hole[], { width, height }: Picture): Hole[] {
        const { camera, _engine: engine } = this;
        const wide = { width: width + 2 * MARGIN, height: height + 2 * MARGIN };
        // As many pixels a radian as before: levels stay as they are, and each pixel keeps its ray.
        camera.fov = 2 * Math.atan((Math.tan(FIELD_OF_VIEW / 2) * wide.height) / height);
        engine.setSize(wide.width, wide.height);
        const picture = this._draw();
        camera.fov = FIELD_OF_VIEW;
        engine.setSize(width, height);
        return found.filter(({ x, y }) => isBackground(picture, x + MARGIN, y + MARGIN));
    }

    private _levelsOn({ x, y, metres }: Hole, picture: Picture): string {
        return this.rule.levelsOn(this.camera.position, directionAt(this.camera, picture, x, y), metres);
    }

    private _draw(): Picture {
        // Past the pool's own list: nothing else notices that they are gone.
        const hidden = this._plant === "hiddenChunk" ? this._meshesInView() : [];
        hidden.forEach((mesh) => (mesh.isVisible = false));
        this._isDrawing = true;
        this._scene.render();
        this._isDrawing = false;
        const width = this._engine.getRenderWidth();
        const height = this._engine.getRenderHeight();
        const pixels = new Uint8Array(width * height * 4);
        const gl = this._engine._gl;
        gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
        hidden.forEach((mesh) => (mesh.isVisible = true));
        return { width, height, pixels };
    }

    /** Returns the meshes, alone or merged, that draw the ground which the camera looks at. */
    private _meshesInView(): Mesh[] {
        const forward = this.camera.getDirection(Vector3.Forward());
        const hit = this.world.raycast(this.camera.position, forward, this.world.viewDistance);
        const { x, z } = hit?.position ?? this.camera.position;
        return this.world.shownMeshes().filter((mesh) => {
            const { minimumWorld: low, maximumWorld: high } = mesh.getBoundingInfo().boundingBox;
            return x >= low.x && x <= high.x && z >= low.z && z <= high.z;
        });
    }
}

/** The clock of a world, which can be stopped. */
export class StageClock {
    private _stoppedMs: number | null = null;
    /** Milliseconds for which it has stood still. */
    private _lostMs = 0;

    public get isStopped(): boolean {
        return this._stoppedMs !== null;
    }

    public now(): number {
        return this._stoppedMs ?? performance.now() - this._lostMs;
    }

    public stop(): void {
        this._stoppedMs = this.now();
    }

    /** Moves on while it is stopped. */
    public advance(ms: number): void {
        this._stoppedMs = this.now() + ms;
    }

    public goOn(): void {
        this._lostMs = performance.now() - this.now();
        this._stoppedMs = null;
    }
}

const channel = new MessageChannel();
const turns: (() => void)[] = [];
channel.port1.onmessage = () => turns.shift()!();

/** Lets messages in that have come: a timer would wait longer. */
function nextTurnAsync(): Promise<void> {
    return new Promise((resolve) => {
        turns.push(resolve);
        channel.port2.postMessage(null);
    });
}
