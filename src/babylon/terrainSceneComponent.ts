import type { Observer } from "@babylonjs/core/Misc/observable.js";
import type { Scene } from "@babylonjs/core/scene.js";
import type { ISceneComponent } from "@babylonjs/core/sceneComponent.js";
import { runAll } from "../base/runAll.js";
import { ApplyBudget } from "../runtime/applyBudget.js";

/** What the component drives: a world, seen from the render loop. */
export interface FrameDriven {
    /** Before the scene draws, when the camera stands where this frame sees it: everything but applying results. */
    onBeforeFrame(): void;
    /** How urgent the next result is that waits to be applied, lower first; Infinity where none does. */
    readonly applyPriority: number;
    /** Applies that result. Returns false where there is none, or the budget is spent. */
    applyNext(): boolean;
    /** All results are applied that may be. */
    onApplied(): void;
    /** After the scene has drawn. */
    onAfterFrame(): void;
    /** After a lost context came back and Babylon has rebuilt what it knows of. */
    onContextRestored(): void;
    dispose(): void;
}

/** The name under which a scene keeps the component. */
export const TERRAIN_SCENE_COMPONENT = "Terrane";

/**
 * Hooks all worlds of one scene into its render loop. Comes with the scene's first world and goes with its last.
 */
export class TerrainSceneComponent implements ISceneComponent {
    public readonly name = TERRAIN_SCENE_COMPONENT;

    /** For applying results, of all worlds together. */
    public readonly budget = new ApplyBudget();

    private readonly _worlds: FrameDriven[] = [];
    /** By world: whether its budget of this frame is spent. */
    private readonly _isSpent: boolean[] = [];
    private _beforeRender: Observer<Scene> | null = null;
    private _afterRender: Observer<Scene> | null = null;
    private _isDisposed = false;

    private constructor(public readonly scene: Scene) {}

    /** The scene's component, made and added where there is none. */
    public static GetOrCreate(scene: Scene): TerrainSceneComponent {
        const existing = scene._getComponent(TERRAIN_SCENE_COMPONENT) as TerrainSceneComponent | null;
        if (existing !== null) {
            return existing;
        }
        const component = new TerrainSceneComponent(scene);
        scene._addComponent(component);
        return component;
    }

    public addWorld(world: FrameDriven): void {
        this._worlds.push(world);
        this._isSpent.push(false);
    }

    /** Takes a world out of the loop. Without a world left, the component leaves the scene. */
    public removeWorld(world: FrameDriven): void {
        const index = this._worlds.indexOf(world);
        if (index !== -1) {
            this._worlds.splice(index, 1);
            this._isSpent.pop();
        }
        if (this._worlds.length === 0) {
            this.dispose();
        }
    }

    /** Babylon calls this just before the first frame after the component was added. */
    public register(): void {
        if (this._isDisposed || this._beforeRender !== null) {
            return;
        }
        // Not `_beforeCameraUpdateStage`: that one still sees the camera of the last frame.
        this._beforeRender = this.scene.onBeforeRenderObservable.add(() => {
            this.budget.begin();
            // Backwards: who is told of a frame may dispose its world.
            for (let i = this._worlds.length - 1; i >= 0; i--) {
                this._worlds[i]?.onBeforeFrame();
            }
            this._applyReady();
            for (let i = this._worlds.length - 1; i >= 0; i--) {
                this._worlds[i]?.onApplied();
            }
        });
        this._afterRender = this.scene.onAfterRenderObservable.add(() => {
            for (let i = 0; i < this._worlds.length; i++) {
                this._worlds[i]!.onAfterFrame();
            }
        });
    }

    /** The most urgent results first, whichever world they are of. One that may spend no more leaves the rest to the others. */
    private _applyReady(): void {
        const { _worlds: worlds, _isSpent: isSpent } = this;
        isSpent.fill(false);
        for (;;) {
            let best = -1;
            let bestPriority = Number.POSITIVE_INFINITY;
            for (let i = 0; i < worlds.length; i++) {
                const priority = worlds[i]!.applyPriority;
                if (priority < bestPriority && !isSpent[i]) {
                    best = i;
                    bestPriority = priority;
                }
            }
            if (best < 0) {
                return;
            }
            isSpent[best] = !worlds[best]!.applyNext();
        }
    }

    public rebuild(): void {
        for (const world of this._worlds) {
            world.onContextRestored();
        }
    }

    /** Disposes the worlds that are left and takes every trace of the component out of the scene. */
    public dispose(): void {
        if (this._isDisposed) {
            return;
        }
        this._isDisposed = true;
        runAll([
            ...this._worlds.splice(0).map((world) => () => world.dispose()),
            () => this._beforeRender?.remove(),
            () => this._afterRender?.remove(),
            // Babylon has no way to remove a component, and one not yet registered also waits in a second list.
            () => remove(this.scene._components, this),
            () => remove(this.scene["_transientComponents"], this),
        ]);
    }
}

function remove(list: ISceneComponent[], component: ISceneComponent): void {
    const index = list.indexOf(component);
    if (index !== -1) {
        list.splice(index, 1);
    }
}
