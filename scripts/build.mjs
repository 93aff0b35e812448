// node scripts/build.mjs [--force] [PART ...]: builds the parts named, or all of `npm run build`.
import { buildPartAsync } from "./buildParts.mjs";

const args = process.argv.slice(2);
const named = args.filter((arg) => !arg.startsWith("--"));
const parts = named.length > 0 ? named : ["library", "cli", "types", "samples"];

try {
    for (const part of parts) {
        if (!(await buildPartAsync(part, { force: args.includes("--force") }))) {
            console.log(`${part} is up to date`);
        }
    }
} catch (error) {
    console.error(`build failed: ${error.message}`);
    process.exitCode = 1;
}
