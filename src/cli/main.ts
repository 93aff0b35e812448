// The command `terrane`.
import process from "node:process";
import { ExitCode } from "./exitCodes.js";
import { Interruption } from "./interruption.js";
import { runCommandLineAsync } from "./program.js";
import { createTerminal } from "./terminal.js";

let isLost = false;

/** A result that nobody can read is none: but what a check found counts for more, and a bake goes on. */
function onLost(error: Error): void {
    if (!isLost) {
        isLost = true;
        process.exitCode ||= ExitCode.inputOutput;
        // Who closed the pipe has read enough.
        if ((error as { code?: unknown }).code !== "EPIPE") {
            terminal.warn(`error: the results could not be written: ${error.message}`);
        }
    }
}

const terminal = createTerminal(process.stdout, process.stderr, onLost);
const code = await runCommandLineAsync(process.argv.slice(2), terminal, new Interruption());
// The last line's fault may be known by now, or come later.
process.exitCode = code === ExitCode.done && isLost ? ExitCode.inputOutput : code;
