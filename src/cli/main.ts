// The command `terrane`.
import process from "node:process";
import { ExitCode } from "./exitCodes.js";
import { runCommandLineAsync } from "./program.js";
import type { Terminal } from "./terminal.js";

const CLEAR_LINE = "\r\x1b[K";
const DEFAULT_WIDTH = 100;

const terminal: Terminal = {
    print: (line) => process.stdout.write(`${line}\n`),
    warn: (line) => process.stderr.write(`${line}\n`),
    isInteractive: process.stderr.isTTY === true,
    width: process.stdout.columns ?? DEFAULT_WIDTH,
    overwrite: (line) => process.stderr.write(`${CLEAR_LINE}${line}`),
};

const interruption = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
    // What is being baked is finished and written; the second time nothing is waited for.
    process.on(signal, () => {
        if (interruption.signal.aborted) {
            process.exit(ExitCode.interrupted);
        }
        interruption.abort();
    });
}

process.exitCode = await runCommandLineAsync(process.argv.slice(2), terminal, interruption.signal);
