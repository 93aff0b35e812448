import { rounded } from "../common/statistics.js";
import { tableOf } from "../common/table.js";
import { CLOCK, measureSpanCosts } from "./spanCost.js";

/** `npm run bench -- profiler`: what measuring costs, with the profiler on and off, in nanoseconds and garbage. */
export function runAsync({ json }: { json: boolean }): Promise<void> {
    const rows = measureSpanCosts().map(({ name, ns, bytes }) => ({
        name,
        ns: rounded(ns),
        bytes: Math.round(bytes * 10) / 10,
    }));
    if (!json) {
        console.log(tableOf(rows.map(({ name, ns, bytes }) => ({ "one of": name, ns, "bytes of garbage": bytes }))));
        return Promise.resolve();
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
    };
    console.log(JSON.stringify({ rows, ...figures }));
    return Promise.resolve();
}
