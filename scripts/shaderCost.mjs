// node scripts/shaderCost.mjs: counts what the worst pixel of the ground costs by quality, in the SPIR-V that Chromium's WebGPU makes of
// Terrane's WGSL. Needs `npm run build -- testPages`. `docs/materials.md` has the figures.
import path from "node:path";
import { chromium } from "playwright-core";
import { CHROMIUM_ARGS, findChromium } from "./chromium.mjs";
import { createSamplesServer, listenAsync } from "./samplesServer.mjs";

const WEBGPU_ARGS = [
    "--enable-unsafe-webgpu",
    "--ignore-gpu-blocklist",
    "--use-webgpu-adapter=swiftshader",
    "--enable-features=Vulkan",
    "--use-vulkan=swiftshader",
    "--disable-vulkan-surface",
    "--enable-dawn-features=dump_shaders,disable_symbol_renaming",
];
const VIEW = { position: [-1611, 1.7, 1881], yaw: 240, pitch: -36 };

/** No work of a pixel: how code is laid out. */
const LAYOUT = /^Op(Label|Variable|SelectionMerge|LoopMerge|FunctionParameter|FunctionEnd|Function|Line|NoLine|Nop)$/;
/** Moves values about; what becomes of it differs most between drivers. */
const MOVES =
    /^Op(Load|Store|AccessChain|InBoundsAccessChain|Composite\w+|VectorShuffle|VectorExtractDynamic|CopyObject|Branch|BranchConditional|Switch|Return|ReturnValue|Kill|Unreachable|Phi|Select|Image|SampledImage)$/;

const server = createSamplesServer({ directory: path.resolve(import.meta.dirname, "../dist/testPages") });
const port = await listenAsync(server, 0);
console.log("| quality | arithmetic | all instructions |\n| --- | --- | --- |");
for (const quality of ["low", "medium", "high"]) {
    const { arithmetic, all } = (await groundShadersAsync(quality)).map(worstPixel).reduce(greater);
    console.log(`| \`${quality}\` | ${arithmetic} | ${all} |`);
}
server.close();

/** Returns the fragment shaders of the ground, disassembled. */
async function groundShadersAsync(quality) {
    const browser = await chromium.launch({
        executablePath: findChromium() ?? undefined,
        args: [...CHROMIUM_ARGS, ...WEBGPU_ARGS],
    });
    try {
        const page = await browser.newPage();
        page.setDefaultTimeout(300_000);
        const texts = [];
        page.on("console", (message) => texts.push(message.text()));
        await page.goto(`http://localhost:${port}/looksPage.html`);
        await page.waitForFunction(() => globalThis.looks !== undefined);
        const setup = { isWebGpu: true, quality, width: 64, height: 48, views: [VIEW] };
        await page.evaluate((each) => globalThis.looks.drawAsync(each), setup);
        const found = texts.filter((text) => /OpEntryPoint Fragment/.test(text) && /"terraneSurface"/.test(text));
        if (found.length === 0) {
            throw new Error("Chromium wrote no SPIR-V of the ground: is its WebGPU there?");
        }
        return found;
    } finally {
        await browser.close();
    }
}

function greater(one, other) {
    return { arithmetic: Math.max(one.arithmetic, other.arithmetic), all: Math.max(one.all, other.all) };
}

/** Returns the costs of the costliest way through a fragment shader, whose loops run as often as they may. */
function worstPixel(text) {
    const functions = readFunctions(text);
    const known = new Map();
    const costOf = (name) => {
        if (!known.has(name)) {
            known.set(name, worstWay(functions.get(name), costOf));
        }
        return known.get(name);
    };
    return costOf(/OpEntryPoint Fragment (%\w+)/.exec(text)[1]);
}

/** Returns the blocks of each function: their instructions in order, as words without results. */
function readFunctions(text) {
    const functions = new Map();
    let blocks = null;
    for (const line of text.split("\n")) {
        const [, result, rest] = /^\s*(?:(%\w+) = )?(Op\w+.*)$/.exec(line) ?? [];
        if (rest === undefined) {
            continue;
        }
        const words = rest.trim().split(/\s+/);
        if (words[0] === "OpFunction") {
            blocks = [];
            functions.set(result, blocks);
        } else if (words[0] === "OpLabel") {
            blocks.push({ name: result, instructions: [] });
        } else {
            blocks?.at(-1)?.instructions.push(words);
        }
    }
    return functions;
}

function worstWay(blocks, costOf) {
    const places = new Map(blocks.map(({ name }, i) => [name, i]));
    const loops = blocks.flatMap(({ name, instructions }, from) => {
        const merge = instructions.find(([op]) => op === "OpLoopMerge");
        return merge === undefined ? [] : [{ name, from, to: places.get(merge[1]), after: merge[1] }];
    });
    // Structured code lists what a block leads to after it, but for the way back to a loop's beginning.
    const costs = [];
    for (let i = blocks.length - 1; i >= 0; i--) {
        const within = loops.filter(({ from, to }) => from <= i && i < to);
        const turns = within.reduce((product, loop) => product * turnsOf(blocks, loop), 1);
        const own = costOfBlock(blocks[i], costOf);
        const next = followers(blocks[i]).map((name) => {
            const loop = loops.find((each) => each.name === name && each.from <= i && i < each.to);
            return costs[places.get(loop?.after ?? name)];
        });
        const worst = next.reduce(greater, { arithmetic: 0, all: 0 });
        costs[i] = { arithmetic: own.arithmetic * turns + worst.arithmetic, all: own.all * turns + worst.all };
    }
    return costs[0];
}

/** How often a loop runs: the whole number that its index is compared with. */
function turnsOf(blocks, { from, to }) {
    const compared = blocks
        .slice(from, to)
        .flatMap(({ instructions }) => instructions)
        .find(([op]) => /^Op[SU]LessThan$/.test(op));
    const turns = Number(/^%u?int_(\d+)$/.exec(compared?.at(-1) ?? "")?.[1]);
    if (!(turns > 0)) {
        throw new Error(`A loop's bound is no constant: ${compared?.join(" ")}`);
    }
    return turns;
}

function costOfBlock({ instructions }, costOf) {
    const cost = { arithmetic: 0, all: 0 };
    for (const [op, , callee] of instructions) {
        if (op === "OpFunctionCall") {
            const called = costOf(callee);
            cost.arithmetic += called.arithmetic;
            cost.all += called.all;
        } else if (!LAYOUT.test(op)) {
            cost.all++;
            cost.arithmetic += MOVES.test(op) ? 0 : 1;
        }
    }
    return cost;
}

/** Names of the blocks that a block may lead to. */
function followers({ instructions }) {
    const [op, ...words] = instructions.at(-1);
    if (op === "OpBranch") {
        return [words[0]];
    }
    if (op === "OpBranchConditional") {
        return words.slice(1, 3);
    }
    return op === "OpSwitch" ? words.slice(1).filter((word) => word.startsWith("%")) : [];
}
