// node --import ./scripts/typescript.mjs test/kills/writerProcess.ts DIRECTORY FIRST_VERSION SEED: writes into a folder until it
// is killed, and a line to its output for each file that is acknowledged.
import { writeSync } from "node:fs";
import { DirectoryStore } from "../../src/store/directoryStore.js";
import { writeRecordsAsync } from "./writeRecords.js";

const [directory, firstVersion, seed] = process.argv.slice(2);
await writeRecordsAsync(new DirectoryStore(directory!), Number(firstVersion), Number(seed), (key, version) =>
    // At once: what a stream still holds dies with the process.
    writeSync(1, `${key} ${version}\n`),
);
