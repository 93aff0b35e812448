import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createBatchBaker } from "../../src/bake/bakeBatch.js";
import { GENERATOR_VERSION } from "../../src/bake/generatorVersion.js";
import { initHashAsync } from "../../src/base/hash.js";
import { CHUNK_FORMAT_VERSION } from "../../src/format/chunkData.js";
import type { BakeExecutor } from "../../src/scheduler/bakeExecutor.js";
import { InlineExecutor } from "../../src/scheduler/inlineExecutor.js";
import { CreateWorkerpoolExecutorAsync } from "../../src/scheduler/workerpoolExecutor.js";
import { formatAddress } from "../../src/space/chunkAddress.js";
import { BrowserHarness } from "../browser/harness.js";
import { bakeGoldenAsync, type GoldenOutcome } from "./bakeGolden.js";
import { bakeWorldAsync, type BakedWorld } from "./bakeWorld.js";
import { GOLDEN_ADDRESSES } from "./goldenChunks.js";
import { loadKernelsAsync, wasmFile } from "../support/kernels.js";

const kernels = await loadKernelsAsync();

const root = path.resolve(import.meta.dirname, "../..");
const file = path.join(import.meta.dirname, "hashes.json");
const workerFile = path.join(root, "dist/terrane.worker.js");

interface GoldenFile {
    chunkFormatVersion: number;
    generatorVersion: number;
    /** Of 4 x 4 chunks around the origin. */
    rootHash: string;
    chunks: Record<string, string>;
}

async function bakeAndDisposeAsync(executor: BakeExecutor): Promise<GoldenOutcome> {
    try {
        return await bakeGoldenAsync(executor);
    } finally {
        await executor.disposeAsync();
    }
}

async function bakeInlineAsync(): Promise<GoldenOutcome> {
    await initHashAsync();
    return bakeAndDisposeAsync(new InlineExecutor(createBatchBaker(kernels)));
}

if (process.env.TERRANE_UPDATE_GOLDEN === "1") {
    // scripts/updateGolden.mjs comes this way: the file is written by the slowest and plainest of the paths.
    test("the golden file is written anew", async () => {
        const { hashes } = await bakeInlineAsync();
        const { rootHash } = await bakeWorldAsync({ workers: 0, wasmUrl: wasmFile });
        const content: GoldenFile = {
            chunkFormatVersion: CHUNK_FORMAT_VERSION,
            generatorVersion: GENERATOR_VERSION,
            rootHash,
            chunks: hashes,
        };
        writeFileSync(file, `${JSON.stringify(content, null, 4)}\n`);
    });
} else {
    const golden = JSON.parse(readFileSync(file, "utf8")) as GoldenFile;

    test("the golden file is of this layout and generator, and names the golden chunks", () => {
        expect(golden.chunkFormatVersion).toBe(CHUNK_FORMAT_VERSION);
        expect(golden.generatorVersion).toBe(GENERATOR_VERSION);
        expect(Object.keys(golden.chunks)).toEqual(GOLDEN_ADDRESSES.map(formatAddress));
        expect(new Set(Object.values(golden.chunks)).size).toBe(GOLDEN_ADDRESSES.length);
    });

    test("Node bakes the golden chunks on its own thread", async () => {
        const { hashes, fused } = await bakeInlineAsync();
        expect(hashes).toEqual(golden.chunks);
        expect(fused.length).toBeGreaterThanOrEqual(2);
    });

    test.each([1, 2])("Node bakes the golden chunks in %d workers", async (workers) => {
        const executor = await CreateWorkerpoolExecutorAsync({ workers, workerUrl: workerFile, wasmUrl: wasmFile });
        expect(executor.workerCount).toBe(workers);
        expect((await bakeAndDisposeAsync(executor)).hashes).toEqual(golden.chunks);
    });

    /** What a bake of 16 chunks of seven stages tells, wherever it runs. */
    const expectBakedWorld = ({ rootHash, lines, names, report }: BakedWorld, workers: number): void => {
        expect(rootHash).toBe(golden.rootHash);
        // What was stored before is told first: nothing.
        expect(lines).toHaveLength(17);
        expect(lines[0]).toMatch(/^0\/112, (Infinity|null) s left$/);
        expect(lines[16]).toBe("112/112, 0 s left");
        expect(names).toContain("0/-2/1.trn");
        expect(names.slice(16)).toEqual([
            "manifest.json",
            ...["-1/-1", "-1/0", "0/-1", "0/0"].map((block) => `manifest/0/5/${block}.trm`),
            "report.json",
        ]);
        expect(report).toMatchObject({ chunks: 16, workItems: 112, workers: Math.max(1, workers), retried: 0 });
        expect(Object.keys(report.stages)).toEqual(
            expect.arrayContaining(["noise", "heightfield", "sdf", "fusion", "serialize", "hash"]),
        );
        expect(report.parallelEfficiency).toBeGreaterThan(0);
        expect(report.parallelEfficiency).toBeLessThanOrEqual(1);
    };

    test.each([0, 1, 2])("Node bakes a world in %d workers", async (workers) => {
        expectBakedWorld(await bakeWorldAsync({ workers, workerUrl: workerFile, wasmUrl: wasmFile }), workers);
    });

    describe("Chromium", () => {
        let browser: BrowserHarness;
        beforeAll(async () => {
            browser = await BrowserHarness.StartAsync({ directory: path.join(root, "dist/testPages") });
        });
        afterAll(async () => {
            await browser.closeAsync();
        });

        test.each([0, 2])("bakes the golden chunks in %d workers", async (workers) => {
            const page = await browser.openAsync(`/goldenPage.html?workers=${workers}`);
            const outcome = await page.waitForFunction(() => (globalThis as { golden?: GoldenOutcome }).golden);
            expect((await outcome.jsonValue())?.hashes).toEqual(golden.chunks);
            browser.expectNoErrors();
            await page.close();
        });

        test.each([0, 2])("bakes a world in %d workers", async (workers) => {
            const page = await browser.openAsync(`/bakerPage.html?workers=${workers}`);
            const outcome = await page.waitForFunction(() => (globalThis as { bakedWorld?: BakedWorld }).bakedWorld);
            expectBakedWorld((await outcome.jsonValue())!, workers);
            browser.expectNoErrors();
            await page.close();
        });
    });
}
