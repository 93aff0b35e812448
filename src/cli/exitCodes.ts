import { CommanderError } from "commander";
import { PackError } from "../baker/packBake.js";
import { BakeCancelledError, WorldBakeError } from "../baker/bakerErrors.js";
import { TerraneError } from "../base/errors.js";

/** Exit codes of the command. */
export const ExitCode = {
    done: 0,
    /** A check found a fault, or chunks could not be baked or packed. */
    failed: 1,
    /** The arguments or the recipe are wrong. */
    wrongInput: 2,
    /** Something could not be read or written. */
    inputOutput: 3,
} as const;

/**
 * Returns the exit code for what was thrown.
 *
 * @param interrupted exit code of a command that a signal ended, 130 or 143 as in shells
 */
export function exitCodeOf(error: unknown, interrupted: number): number {
    if (error instanceof CommanderError) {
        return error.exitCode === 0 ? ExitCode.done : ExitCode.wrongInput;
    }
    if (error instanceof BakeCancelledError || (error as { name?: unknown } | null)?.name === "AbortError") {
        return interrupted;
    }
    if (error instanceof WorldBakeError || error instanceof PackError) {
        return ExitCode.failed;
    }
    // Workers and kernels lie beside the command: an address that does not work is a file that cannot be read.
    const isInput = error instanceof TerraneError && error.field !== "workerUrl";
    return isInput ? ExitCode.wrongInput : ExitCode.inputOutput;
}
