// npm run test:cracks [-- --seed N] [--count N] [--view N] [--pictures]: looks at worlds from hundreds of places for pixels that
// show no ground although there is some. `npm test` does a part of it.
import { parseArgs } from "node:util";
import { CrackBrowser, describeView, savePicture } from "./crackBrowser.js";
import { createFieldsAsync } from "./fields.js";
import { createViews, describeCounts } from "./views.js";

const VIEWS = 600;
/** One view in this many is 720 pixels high. */
const HIGH_EVERY = 6;
const SEED = 1;
/** Views after which a line says how far it is. */
const REPORT_EVERY = 50;

const { values } = parseArgs({
    options: {
        seed: { type: "string" },
        count: { type: "string" },
        view: { type: "string" },
        pictures: { type: "boolean" },
    },
});
const seed = numberOf("seed", values.seed, SEED, 0);
const count = numberOf("count", values.count, VIEWS, 1);
const only = values.view === undefined ? null : numberOf("view", values.view, 0, 0);

console.log(`seed ${seed}`);
const startMs = performance.now();
const high = Math.round(count / HIGH_EVERY);
const all = createViews(seed, { low: count - high, high }, await createFieldsAsync());
const views = all.filter(({ index }) => only === null || index === only);
console.log(describeCounts(views).join("\n"));
console.log(`made in ${secondsSince(startMs)} s`);

const browser = await CrackBrowser.StartAsync();
const ms = { ready: 0, draw: 0, check: 0 };
let [looked, withHoles, pictures, exchanges, jumps] = [0, 0, 0, 0, 0];
try {
    const looks = views.map((view) => ({ view, keepsPicture: values.pictures === true }));
    await browser.lookAllAsync(looks, ({ view }, finding) => {
        for (const part of ["ready", "draw", "check"] as const) {
            ms[part] += finding.ms[part];
        }
        looked++;
        pictures += finding.pictures;
        exchanges += finding.exchanges;
        jumps += finding.jump > 1 ? 1 : 0;
        const file = savePicture(seed, view, finding);
        if (finding.holes > 0) {
            withHoles++;
            console.log(`${describeView(seed, view, finding)}\n    ${file}`);
        }
        if (looked % REPORT_EVERY === 0) {
            console.log(`${looked} views in ${secondsSince(startMs)} s, ${withHoles} with holes`);
        }
    });
} finally {
    await browser.closeAsync();
}
const seconds = (value: number): string => (value / 1000).toFixed(0);
console.log(
    `${pictures} pictures, levels jump by two and more in ${jumps} views, ${exchanges} exchanges under way; ` +
        `${secondsSince(startMs)} s; of all pages ${seconds(ms.ready)} until ready, ${seconds(ms.draw)} drawing, ` +
        `${seconds(ms.check)} looking`,
);
console.log(`${looked} views, ${withHoles} with holes`);
process.exitCode = withHoles > 0 ? 1 : 0;

function secondsSince(ms: number): string {
    return ((performance.now() - ms) / 1000).toFixed(0);
}

function numberOf(name: string, text: string | undefined, usual: number, least: number): number {
    const value = text === undefined ? usual : Number(text);
    if (!Number.isInteger(value) || value < least || value > 2 ** 31) {
        console.error(`--${name} is ${text}; allowed: an integer from ${least} to ${2 ** 31}.`);
        process.exit(2);
    }
    return value;
}
