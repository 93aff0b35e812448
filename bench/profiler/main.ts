import path from "node:path";
import { measureBakeOverheadAsync } from "./bakeOverhead.js";
import { rounded } from "../common/statistics.js";
import { tableOf } from "../common/table.js";
import { CLOCK, measureSpanCosts } from "./spanCost.js";

/**
 * Runs `npm run bench -- profiler`: what measuring costs, with the profiler on and off, in nanoseconds and garbage, and
 * in a bake.
 */
export async function runAsync({ root, json }: { root: string; json: boolean }): Promise<void> {
    const rows = measureSpanCosts().map(({ name, ns, bytes }) => ({
        name,
        ns: rounded(ns),
        bytes: Math.round(bytes * 10) / 10,
    }));
    const bakeOverhead = rounded(await measureBakeOverheadAsync(path.join(root, "dist/terrane.wasm")));
    if (!json) {
        console.log(tableOf(rows.map(({ name, ns, bytes }) => ({ "one of": name, ns, "bytes of garbage": bytes }))));
        console.log(`A bake takes ${(100 * bakeOverhead).toFixed(2)} % longer with the profiler on than off.`);
        return;
    }
    const of = (name: string) => rows.find((row) => row.name === name)!;
    const [clock, on, off] = [of(CLOCK), of("span, disposed"), of("span, disposed, off")];
    const figures = {
        clockNs: clock.ns,
        clockBytes: clock.bytes,
        spanNs: on.ns,
        spanBytes: on.bytes,
        spanOffNs: off.ns,
        spanOffBytes: off.bytes,
        bakeOverhead,
    };
    console.log(JSON.stringify({ rows, ...figures }));
}
