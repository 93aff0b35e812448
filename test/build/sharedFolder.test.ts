import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";

const baker = pathToFileURL(path.resolve(import.meta.dirname, "../../dist/terrane.baker.js")).href;
const THREADS = 4;
const ROUNDS = 30;
const BYTES = 300_000;

/** Each has the library for itself, as processes have, and all share one process number, as containers often do. */
const thread = `
    const { workerData, parentPort } = require("node:worker_threads");
    import(${JSON.stringify(baker)}).then(async ({ DirectoryStore }) => {
        const store = new DirectoryStore(workerData.directory);
        for (let round = 0; round < ${ROUNDS}; round++) {
            await store.putAsync("0/0/0.trn", new Uint8Array(${BYTES}).fill(workerData.id));
            const { bytes } = await store.getAsync({ key: "0/0/0.trn" });
            if (bytes.length !== ${BYTES} || bytes.some((byte) => byte !== bytes[0])) {
                throw new Error("torn");
            }
        }
        parentPort.postMessage("done");
    });`;

test("threads that write the same name into one folder at once: every write is done, every read sees a whole file", async () => {
    const directory = mkdtempSync(path.join(os.tmpdir(), "terrane-shared-"));
    const workers = Array.from(
        { length: THREADS },
        (_, id) => new Worker(thread, { eval: true, workerData: { directory, id } }),
    );
    try {
        const runs = workers.map(
            (worker) =>
                new Promise((resolve, reject) => {
                    worker.on("message", resolve);
                    worker.on("error", reject);
                }),
        );
        expect(await Promise.all(runs)).toEqual(new Array(THREADS).fill("done"));
        expect(readdirSync(directory, { recursive: true }).sort()).toEqual(["0", "0/0", "0/0/0.trn"]);
        expect(readFileSync(path.join(directory, "0/0/0.trn"))).toHaveLength(BYTES);
    } finally {
        await Promise.all(workers.map((worker) => worker.terminate()));
        rmSync(directory, { recursive: true, force: true });
    }
});
