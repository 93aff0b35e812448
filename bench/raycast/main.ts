import path from "node:path";

import { FieldSampler } from "../../src/generators/fieldSampler.js";
import { compileKernelsAsync } from "../../src/kernels/kernelModule.js";
import { createKernels, type Kernels } from "../../src/kernels/kernels.js";
import { Presets } from "../../src/recipe/presets.js";
import type { Recipe } from "../../src/recipe/recipe.js";
import { rounded } from "../common/statistics.js";
import { tableOf } from "../common/table.js";
import { ROUTES, type Ray } from "./rays.js";

/** Number of warm rays of a route. Cold ones cost by far the most, and few are enough. */
const WARM_RAYS = 400;
const COLD_RAYS = 40;

interface Row {
    readonly name: string;
    /** Share of the rays that met something, and how far they went on average. */
    readonly hits: number;
    readonly meanMetres: number;
    readonly msP50: number;
    readonly msP95: number;
}

/** Runs `npm run bench -- raycast`: one ray, where nothing is known of the ground under it, and where all is. */
export async function runAsync({ root, json }: { root: string; json: boolean }): Promise<void> {
    const kernels = createKernels(await compileKernelsAsync(path.join(root, "dist/terrane.wasm")));
    const rows: Row[] = [];
    for (const [world, recipe] of [
        ["endless", Presets.endless()],
        ["caves", Presets.caves()],
    ] as const) {
        for (const route of ROUTES) {
            const rays = route.raysOf(new FieldSampler(recipe, kernels), WARM_RAYS);
            const name = `${world}: ${route.name}`;
            if (rays.length > 0) {
                rows.push(measureCold(`${name}, cold`, recipe, kernels, rays.slice(0, COLD_RAYS)));
                rows.push(measureWarm(`${name}, warm`, recipe, kernels, rays));
            }
        }
    }
    if (json) {
        console.log(JSON.stringify({ rows }));
    } else {
        console.log(tableOf(rows.map(describeRow)));
    }
}

/** Measures each ray by a sampler that knows nothing of the ground there. */
function measureCold(name: string, recipe: Recipe, kernels: Kernels, rays: readonly Ray[]): Row {
    return measure(name, rays, (ray) => {
        const sampler = new FieldSampler(recipe, kernels);
        // What a sampler makes once is not what is measured, nor is that the kernels hold another world.
        sampler.raycast({ x: 1e6, y: 1000, z: 1e6 }, { x: 0, y: -1, z: 0 }, 10_000);
        return () => sampler.raycast(ray.origin, ray.direction, ray.maxDistance);
    });
}

/** Measures each ray for the second time. */
function measureWarm(name: string, recipe: Recipe, kernels: Kernels, rays: readonly Ray[]): Row {
    const sampler = new FieldSampler(recipe, kernels);
    return measure(name, rays, (ray) => {
        const cast = () => sampler.raycast(ray.origin, ray.direction, ray.maxDistance);
        cast();
        return cast;
    });
}

function measure(
    name: string,
    rays: readonly Ray[],
    prepare: (ray: Ray) => () => { readonly distance: number } | null,
): Row {
    const times = new Float64Array(rays.length);
    let [hits, metres] = [0, 0];
    for (const [i, ray] of rays.entries()) {
        const cast = prepare(ray);
        const start = performance.now();
        const hit = cast();
        times[i] = performance.now() - start;
        hits += hit === null ? 0 : 1;
        metres += hit?.distance ?? ray.maxDistance;
    }
    times.sort();
    const share = (part: number) => rounded(times[Math.min(rays.length - 1, Math.floor(rays.length * part))]!);
    return {
        name,
        hits: rounded(hits / rays.length),
        meanMetres: rounded(metres / rays.length),
        msP50: share(0.5),
        msP95: share(0.95),
    };
}

function describeRow({ name, hits, meanMetres, msP50, msP95 }: Row) {
    return { ray: name, hits, "mean metres": meanMetres, "ms p50": msP50, "ms p95": msP95 };
}
