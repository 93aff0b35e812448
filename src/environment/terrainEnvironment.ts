import { DirectionalLight } from "@babylonjs/core/Lights/directionalLight.js";
import type { Material } from "@babylonjs/core/Materials/material.js";
import { Vector3 } from "@babylonjs/core/Maths/math.vector.js";
import type { AbstractMesh } from "@babylonjs/core/Meshes/abstractMesh.js";
import { Observable, type Observer } from "@babylonjs/core/Misc/observable.js";
import type { Scene } from "@babylonjs/core/scene.js";
import type { RawTexture } from "@babylonjs/core/Materials/Textures/rawTexture.js";
import type { AmbientLight } from "../babylon/material/ambientLight.js";
import type { TerrainWorld } from "../babylon/terrainWorld.js";
import { TerraneError } from "../base/errors.js";
import { runAll } from "../base/runAll.js";
import type { Surroundings } from "./airPlugin.js";
import { EnvironmentLight } from "./environmentLight.js";
import { EnvironmentMaterials } from "./environmentMaterials.js";
import type { CompletedOptions } from "./environmentOptionTable.js";
import { defineEnvironmentSettings, type EnvironmentSettings } from "./environmentSettings.js";
import { EnvironmentUniforms } from "./environmentUniforms.js";
import { HorizonMaps } from "./horizonMaps.js";
import { createNoiseTexture, NOISE_BYTES } from "./noiseTexture.js";
import { QUALITY_DETAILS } from "./quality.js";
import { Sea } from "./sea.js";
import { Sky } from "./sky.js";

/** Before other lights: materials take four at most, and shadows of mountains are those of the first. */
const SUN_PRIORITY = 1_000_000;
/** What a material that takes light as Babylon's do sends back of it: one over pi. */
const LIGHT_GAIN = Math.PI;
/** The grid of maps that nobody reads. */
const NO_GRID = { side: 8, spacing: 1000 };
const RADIANS = Math.PI / 180;

// The accessors that `defineEnvironmentSettings` makes.
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging, @typescript-eslint/no-empty-object-type -- the accessors are there
export interface TerrainEnvironment extends EnvironmentSettings {}

/**
 * Sun, moon, sky, sea, air and tone of one world, all in one light. `CreateTerrainEnvironmentAsync` makes one. Goes with its world, with
 * its scene, or by `dispose()`.
 */
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging -- see above
export class TerrainEnvironment {
    static {
        defineEnvironmentSettings(
            TerrainEnvironment.prototype,
            (environment) => environment._settings,
            (environment, key, isOther) => environment._onSet(key, isOther),
        );
    }

    /** Notifies once, as the environment ends. */
    public readonly onDisposeObservable = new Observable<TerrainEnvironment>();
    /**
     * The light of sun and moon: it has the sun's direction and colour by day, the moon's at night, none in between. Give it to a
     * shadow generator. null where the option `sun` is false.
     */
    public readonly light: DirectionalLight | null;
    /** Seconds that clouds and waves have moved. With `animates: false` it stays as you set it. */
    public seconds = 0;

    private readonly _settings: EnvironmentSettings;
    private readonly _lightOfDay = new EnvironmentLight();
    private readonly _uniforms = new EnvironmentUniforms();
    private readonly _noise: RawTexture;
    private readonly _sky: Sky | null;
    private readonly _materials: EnvironmentMaterials;
    private readonly _beforeRender: Observer<Scene>;
    private readonly _sceneDisposed: Observer<Scene> | null;
    private readonly _worldDisposed: Observer<TerrainWorld>;
    private readonly _isReadyCheck: () => void;
    private _sea: Sea | null = null;
    private _maps: HorizonMaps;
    private _recipe: TerrainWorld["recipe"];
    private _land: Material | null = null;
    private _viewDistance = 0;
    private _hasOwnQuality: boolean;
    private _isDisposed = false;
    private _waiters: (() => void)[] = [];

    /** @internal Use `CreateTerrainEnvironmentAsync`, which checks the options. */
    public constructor(
        /** The scene that it is in. */
        public readonly scene: Scene,
        /** The world around which it is. */
        public readonly world: TerrainWorld,
        private readonly _options: CompletedOptions,
    ) {
        const { sun, sky, quality = world.quality } = _options;
        const { timeOfDay, latitude, dayOfYear, clouds, haze, exposure, lamp } = _options;
        this._settings = { timeOfDay, latitude, dayOfYear, clouds, haze, exposure, lamp, quality };
        this._hasOwnQuality = _options.quality !== undefined;
        this._recipe = world.recipe;
        this._noise = createNoiseTexture(`${world.name} air noise`, scene);
        this.light = typeof sun === "boolean" ? (sun ? createLight(world.name, scene) : null) : sun;
        if (this.light !== null) {
            this.light.renderPriority = SUN_PRIORITY;
        }
        this._maps = this._createMaps();
        const name = `${world.name} sky`;
        this._sky = sky ? new Sky(name, scene, this._uniforms, this._noise, () => this._baseAltitude) : null;
        this._materials = new EnvironmentMaterials(this._createSurroundings(), this._lightOfDay.ambient);
        this._useRecipe();
        this._setDetails();
        this._updateLight();
        this._uniforms.setLamp(lamp);
        this._sky?.setClouds(clouds);
        this._followWorld();
        this._beforeRender = scene.onBeforeRenderObservable.add(() => this._update());
        this._sceneDisposed = scene.onDisposeObservable.addOnce(() => this.dispose());
        this._worldDisposed = world.onDisposeObservable.addOnce(() => this.dispose());
        this._isReadyCheck = () => this._settleWaiters();
    }

    /** Unit vector to the sun, also when it is below the horizon. Changed in place. */
    public get sunDirection(): Readonly<Vector3> {
        return this._lightOfDay.sun;
    }

    /** Unit vector to the moon. Changed in place. */
    public get moonDirection(): Readonly<Vector3> {
        return this._lightOfDay.moon;
    }

    /** Light on the ground that does not come straight from sun or moon, linear. Changed in place. */
    public get ambient(): AmbientLight {
        return this._lightOfDay.ambient;
    }

    /** The sky's mesh, for render lists of mirrors and probes; null where the option `sky` is false. */
    public get skyMesh(): AbstractMesh | null {
        return this._sky?.mesh ?? null;
    }

    /** The water's mesh; null where there is none. */
    public get seaMesh(): AbstractMesh | null {
        return this._sea?.mesh ?? null;
    }

    /** Whether shadows of mountains and depths of water are there for where the camera is. */
    public get isReady(): boolean {
        return !this._needsMaps || this._maps.isComplete;
    }

    /** Whether the environment has ended. */
    public get isDisposed(): boolean {
        return this._isDisposed;
    }

    /**
     * Brings a material of yours into the environment's light, shadows, water and air, as the land's is. Its own image processing rests
     * as long as it is in. The world's material is in by itself.
     *
     * @throws TerraneError where the material is none of Babylon's Standard and PBR ones
     */
    public addMaterial(material: Material): void {
        if (!(typeof material?.getClassName === "function" && this._materials.add(material))) {
            throw new TerraneError(
                "material",
                material,
                "a StandardMaterial or a PBR material",
                "Give other materials fog of their own.",
            );
        }
    }

    /** Takes a material out again, which is then as it was before. Does nothing with one that is not in. */
    public removeMaterial(material: Material): void {
        this._materials.remove(material);
    }

    /** Resolves in the first frame in which `isReady`; at once where the environment ends before. The scene must be rendering. */
    public async whenReadyAsync(): Promise<void> {
        if (!this._isDisposed) {
            await new Promise<void>((resolve) => this._waiters.push(resolve));
        }
    }

    /** Takes everything out of the scene and leaves the world's material as it was. A second call does nothing. */
    public dispose(): void {
        if (this._isDisposed) {
            return;
        }
        this._isDisposed = true;
        const { world } = this;
        runAll([
            () => this.onDisposeObservable.notifyObservers(this),
            () => this.onDisposeObservable.clear(),
            () => this._beforeRender.remove(),
            () => this._sceneDisposed?.remove(),
            () => this._worldDisposed.remove(),
            () => this._materials.dispose(),
            () => this._sky?.dispose(),
            () => this._sea?.dispose(),
            () => this._maps.dispose(),
            () => this._noise.dispose(),
            () => world.countEnvironment(0),
            () => this._options.sun === true && this.light?.dispose(),
            () => this._settleWaiters(),
        ]);
    }

    private get _baseAltitude(): number {
        const { water } = this._recipe;
        return water.enabled ? water.level : 0;
    }

    private get _hasSea(): boolean {
        return this._options.sea && this._recipe.water.enabled;
    }

    private get _needsMaps(): boolean {
        return this._options.shadows || this._hasSea;
    }

    private _update(): void {
        const { scene, _sea: sea } = this;
        const deltaMs = scene.getEngine().getDeltaTime();
        if (this._options.animates) {
            this.seconds += deltaMs / 1000;
        }
        this._followWorld();
        this._sky?.setSeconds(this.seconds);
        if (sea !== null) {
            sea.seconds = this.seconds;
        }
        const camera = scene.activeCamera;
        if (this._needsMaps && camera !== null && camera !== undefined) {
            const { x, z } = camera.globalPosition;
            this._maps.update(x, z, this._lightOfDay.direction, deltaMs);
        }
        if (this._waiters.length > 0 && this.isReady) {
            scene.onAfterRenderObservable.addOnce(this._isReadyCheck);
        }
    }

    /** Follows what the world's owner has changed of it. */
    private _followWorld(): void {
        const { world } = this;
        if (world.recipe !== this._recipe) {
            this._useRecipe();
        }
        if (world.material !== this._land) {
            if (this._land !== null) {
                this._materials.remove(this._land);
            }
            this._land = world.material;
            if (this._land !== null) {
                this._materials.add(this._land);
            }
        }
        if (!this._hasOwnQuality && world.quality !== this._settings.quality) {
            this._settings.quality = world.quality;
            this._changed("quality");
        }
        if (world.viewDistance !== this._viewDistance) {
            this._viewDistance = world.viewDistance;
            this._updateHaze();
        }
    }

    private _useRecipe(): void {
        const hadSea = this._sea !== null;
        const before = this._baseAltitude;
        const isOther = this.world.recipe !== this._recipe;
        this._recipe = this.world.recipe;
        if (this._hasSea && !hadSea) {
            this._sea = new Sea(`${this.world.name} sea`, this.scene, this._uniforms, this._noise);
        } else if (!this._hasSea && hadSea) {
            this._sea!.dispose();
            this._sea = null;
        }
        this._uniforms.setWater(this._hasSea ? 0 : null);
        if (this._sea !== null) {
            this._sea.level = this._baseAltitude;
            this._sea.viewDistance = this.world.viewDistance;
        }
        if (isOther && (before !== this._baseAltitude || hadSea !== this._hasSea)) {
            this._renewMaps();
            this._setDetails();
        } else if (isOther) {
            this._maps.invalidate();
        }
    }

    private _createMaps(): HorizonMaps {
        const grids = this._needsMaps ? QUALITY_DETAILS[this._settings.quality].grids : { near: NO_GRID, far: NO_GRID };
        const maps = new HorizonMaps(this.world.name, this.scene, this.world, grids, this._baseAltitude);
        this.world.countEnvironment(NOISE_BYTES + maps.byteLength);
        return maps;
    }

    private _renewMaps(): void {
        const old = this._maps;
        this._maps = this._createMaps();
        this._materials.surroundings = this._createSurroundings();
        old.dispose();
    }

    private _createSurroundings(): Surroundings {
        const { ambient, shadows, air, tone } = this._options;
        return {
            uniforms: this._uniforms,
            light: this.light,
            maps: this._maps,
            baseAltitude: this._baseAltitude,
            parts: { shadows, ambient, air, tone, water: this._hasSea },
        };
    }

    /** Makes the shaders of sky and sea anew. */
    private _setDetails(): void {
        const { tone: isToned, air: hasAir } = this._options;
        const isLinear = this.scene.imageProcessingConfiguration.applyByPostProcess;
        const { octaves, shades } = QUALITY_DETAILS[this._settings.quality];
        this._sky?.setDetail({ octaves, shades, isToned, isLinear });
        this._sea?.setDetail({ hasMaps: true, hasAir, isToned, isLinear }, this._maps);
    }

    private _onSet(key: keyof EnvironmentSettings, isOther: boolean): void {
        this._hasOwnQuality ||= key === "quality";
        if (isOther) {
            this._changed(key);
        }
    }

    private _changed(key: keyof EnvironmentSettings): void {
        const { lamp, clouds } = this._settings;
        if (key === "lamp") {
            this._uniforms.setLamp(lamp);
        } else if (key === "clouds") {
            this._sky?.setClouds(clouds);
        } else if (key === "haze") {
            this._updateHaze();
        } else if (key === "quality") {
            this._renewMaps();
            this._setDetails();
        } else {
            this._updateLight();
        }
    }

    private _updateLight(): void {
        const { _lightOfDay: now, _uniforms: uniforms, _settings: settings, light } = this;
        now.update(settings);
        uniforms.setDaylight(now.daylight);
        uniforms.setLight(now.direction, now.color);
        uniforms.setTone(settings.exposure * now.exposure, now.whiteBalance);
        uniforms.setAmbient(now.ambient);
        this._sky?.setLight(now, settings.latitude * RADIANS);
        this._updateHaze();
        if (light !== null) {
            const [red, green, blue] = now.color;
            const brightest = Math.max(red, green, blue);
            now.direction.scaleToRef(-1, light.direction);
            light.intensity = brightest * LIGHT_GAIN;
            // In the dark colours stay as they were: materials have another shader for a light with black highlights.
            if (brightest > 0) {
                light.diffuse.set(red / brightest, green / brightest, blue / brightest);
                light.specular.copyFrom(light.diffuse);
            }
        }
    }

    private _updateHaze(): void {
        this._uniforms.setHaze(this._settings.haze, this._lightOfDay.lowSun, this.world.viewDistance);
    }

    private _settleWaiters(): void {
        for (const resolve of this._waiters.splice(0)) {
            resolve();
        }
    }
}

function createLight(name: string, scene: Scene): DirectionalLight {
    const light = new DirectionalLight(`${name} sun`, Vector3.Down(), scene);
    light.doNotSerialize = true;
    return light;
}
