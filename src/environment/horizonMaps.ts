import type { BaseTexture } from "@babylonjs/core/Materials/Textures/baseTexture.js";
import type { Scene } from "@babylonjs/core/scene.js";
import type { Vec3Like } from "../base/vec3Like.js";
import { HorizonMap, type HeightSource, type HorizonGrid } from "./horizonMap.js";

/** Milliseconds a frame for maps in flight, and at least as many until the first are there. */
const BUDGET_MS = 0.7;
const FIRST_BUDGET_MS = 6;
/** The share of a slow frame that the first maps may have. */
const FIRST_SHARE = 0.6;

/** The grids of both maps. */
export interface HorizonGrids {
    readonly near: HorizonGrid;
    readonly far: HorizonGrid;
}

/** Samplers of what follows. */
export const HORIZON_SAMPLERS = ["airHorizonNear", "airHorizonFar"] as const;

/** Uniforms of what follows: how places lead to coordinates in the maps, factor 0 where there is no map. */
export const HORIZON_UNIFORMS = ["airNear", "airFar"] as const;

/** Reads both maps: x is 1 where the light is seen, y the height of the land above the base altitude. */
export const HORIZON_FUNCTIONS = `
float airInside(vec2 uv) {
    vec2 border = min(uv, 1.0 - uv);
    return smoothstep(0.0, 0.06, min(border.x, border.y));
}

vec2 airHorizon(vec2 place, float altitude, float softness) {
    vec2 farUv = airFar.xy + place * airFar.z;
    vec2 nearUv = airNear.xy + place * airNear.z;
    float farShare = airInside(farUv) * step(1e-9, airFar.z);
    float nearShare = airInside(nearUv) * step(1e-9, airNear.z);
    vec2 farTexel = textureLod(airHorizonFar, farUv, 0.0).xy;
    vec2 nearTexel = textureLod(airHorizonNear, nearUv, 0.0).xy;
    float lit = mix(1.0, smoothstep(-1.2, 0.8, (altitude - farTexel.x) / (softness * 2.0)), farShare);
    lit = mix(lit, smoothstep(-1.2, 0.8, (altitude - nearTexel.x) / softness), nearShare);
    return vec2(lit, mix(mix(-1000.0, farTexel.y, farShare), nearTexel.y, nearShare));
}
`;

/** Horizon maps of two sizes around one viewer, updated a little each frame. */
export class HorizonMaps {
    public readonly near: HorizonMap;
    public readonly far: HorizonMap;
    private _isComplete = false;
    private _hasBeenComplete = false;

    public constructor(name: string, scene: Scene, source: HeightSource, grids: HorizonGrids, baseAltitude: number) {
        this.far = new HorizonMap(`${name} far horizons`, scene, source, grids.far, baseAltitude);
        this.near = new HorizonMap(`${name} near horizons`, scene, source, grids.near, baseAltitude, this.far);
    }

    /** Bytes that both hold, on the GPU and beside it. */
    public get byteLength(): number {
        return this.near.byteLength + this.far.byteLength;
    }

    /** Whether shadows are there for where the viewer is and the light stands. */
    public get isComplete(): boolean {
        return this._isComplete;
    }

    public invalidate(): void {
        this.far.invalidate();
        this.near.invalidate();
        this._isComplete = false;
    }

    /** @param frameMs milliseconds that the last frame took */
    public update(x: number, z: number, light: Vec3Like, frameMs: number): void {
        const budget = this._hasBeenComplete ? BUDGET_MS : Math.max(FIRST_BUDGET_MS, frameMs * FIRST_SHARE);
        const untilMs = performance.now() + budget;
        // The near map takes from the far one what lies around it; once both are there, it is the more urgent.
        const isFarFirst = !this.far.isValid;
        const first = isFarFirst ? this.far : this.near;
        const second = isFarFirst ? this.near : this.far;
        this._isComplete = first.update(x, z, light, untilMs) && second.update(x, z, light, untilMs);
        this._isComplete &&= this.near.update(x, z, light, untilMs);
        this._hasBeenComplete ||= this._isComplete;
    }

    public addTextures(textures: BaseTexture[]): void {
        textures.push(this.near.texture, this.far.texture);
    }

    public dispose(): void {
        this.near.dispose();
        this.far.dispose();
    }
}
