import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { BAKE_OPTIONS, BAKER_OPTIONS, BLOCK_FIELDS, VERIFY_OPTIONS } from "../baker/bakerOptionTables.js";
import { messageOf, problemLines, TerraneError } from "../base/errors.js";
import type { Field } from "../base/fieldTable.js";
import { defaultText } from "../base/fieldText.js";
import { VERSION } from "../base/version.js";
import { runBakeAsync, type BakeArguments } from "./bakeCommand.js";
import { exitCodeOf } from "./exitCodes.js";
import { flagText } from "./flagText.js";
import { ARCHIVE_FILE, runPackAsync, type PackArguments } from "./packCommand.js";
import { runReportAsync } from "./reportCommand.js";
import type { Interruption } from "./interruption.js";
import { printLines, type Terminal } from "./terminal.js";
import { runVerifyAsync, type VerifyArguments } from "./verifyCommand.js";

const EXIT_CODES = `
Exit codes: 0 done; 1 a check failed, or chunks could not be baked or packed; 2 the arguments or the recipe are wrong;
3 something could not be read or written; 130 interrupted (Ctrl-C), 143 terminated.`;

/** The one line that commander adds to a message, which may hold line feeds from an argument. */
const SUGGESTION = /\n(?=\(Did you mean [^\n]*\)$)/;

/** Runs one command line and resolves with its exit code. Never rejects: errors are shown on the terminal. */
export async function runCommandLineAsync(
    args: readonly string[],
    terminal: Terminal,
    interruption: Interruption,
): Promise<number> {
    let code = 0;
    const program = createProgram(terminal, interruption, (result) => (code = result));
    try {
        await program.parseAsync(args, { from: "user" });
        return code;
    } catch (error) {
        // Commander has told it already.
        if (!(error instanceof CommanderError)) {
            errorLines(error).forEach((line) => terminal.warn(`error: ${line}`));
        }
        return exitCodeOf(error, interruption.exitCode);
    }
}

/** Returns a line for each thing that is wrong. */
function errorLines(error: unknown): string[] {
    if (error instanceof TerraneError) {
        return problemLines(error.problems);
    }
    return [messageOf(error)];
}

function createProgram(terminal: Terminal, interruption: Interruption, done: (code: number) => void): Command {
    const batch = BAKE_OPTIONS.chunkBatchSize;
    const ofFile = (field: Field): string => `the recipe file's, else ${defaultText(field)}`;
    const program = new Command("terrane")
        .description("Bakes worlds ahead of time, verifies and packs bakes, prints profiles.")
        .version(VERSION)
        .addHelpText("after", EXIT_CODES)
        .showHelpAfterError("(terrane --help tells more)")
        .exitOverride()
        .configureOutput({
            writeOut: (text) => printLines(terminal.print, text),
            writeErr: (text) => printLines(terminal.warn, text),
            outputError: (text) => text.trimEnd().split(SUGGESTION).forEach(terminal.warn),
        });
    program
        .command("bake")
        .description("bake a block of chunks into a folder; run again, it bakes only what is missing or damaged")
        .argument(
            "<recipe.json>",
            "the recipe; its section `bake` may say chunks, levels and chunkBatchSize",
            pathArgument,
        )
        .option("--out <dir>", "folder for chunk files, manifest.json and report.json", pathArgument)
        .option(
            "--chunks <countXxcountZ>",
            "chunks along x and z (default: the recipe file's, else 16x16)",
            blockArgument,
        )
        .option("--level <n>", flagText(BLOCK_FIELDS.level, ofFile(BLOCK_FIELDS.level)), countArgument)
        .option(
            "--levels <lowest-highest>",
            flagText(BAKE_OPTIONS.levels, "the recipe file's, else one level"),
            levelsArgument,
        )
        .option("--center <x,z>", "the chunk in the middle (default: the recipe file's, else 0,0)", centerArgument)
        .option("--around <lat,lon>", "place on a planet, in degrees, around which the block lies", aroundArgument)
        .option(
            "--faces <list>",
            "faces of a planet, 0 to 5, as in 0,1,2: with --chunks a block in the middle of each, else whole",
            facesArgument,
        )
        .option("--workers <n>", flagText(BAKER_OPTIONS.workers), countArgument)
        .option("--batch <n>", flagText(batch, ofFile(batch)), countArgument)
        .option("--memory <MiB>", flagText(BAKER_OPTIONS.memoryLimitBytes), countArgument)
        .option("--pack", `then pack it into ${ARCHIVE_FILE} in the folder as well`)
        .option("--plan", "print the work plan and bake nothing")
        .option("--json", "print one JSON object as the last line")
        .addOption(new Option("--shuffle <seed>", "bake in a stirred order").argParser(countArgument))
        .action(async (recipe: string, options: BakeArguments) => {
            done(await runBakeAsync(recipe, options, terminal, interruption));
        });
    program
        .command("verify")
        .description("check each chunk file of a bake against its manifest, and bake some of them again")
        .argument(
            "<dir|file>",
            "folder of a bake, the archive that it was packed into, or with {block} in it those of its blocks",
            pathArgument,
        )
        .option("--rebake <n>", flagText(VERIFY_OPTIONS.rebake), countArgument)
        .option("--root <hash>", flagText(VERIFY_OPTIONS.root))
        .option("--block <[face/]level/x/z>", flagText(VERIFY_OPTIONS.block))
        .option("--workers <n>", flagText(BAKER_OPTIONS.workers), countArgument)
        .option("--json", "print one JSON object as the last line")
        .action(async (directory: string, options: VerifyArguments) => {
            done(await runVerifyAsync(directory, options, terminal, interruption));
        });
    program
        .command("pack")
        .description("pack a bake into one file, or one for each block, which web servers give away in parts")
        .argument("<dir>", "folder of a bake", pathArgument)
        .option("--out <path>", `file to write (default: ${ARCHIVE_FILE} in the folder), or folder`, pathArgument)
        .option("--blocks", "one archive for each block of 32 x 32 chunks, and the manifest's files, into a folder")
        .option("--json", "print one JSON object as the last line")
        .action(async (directory: string, options: PackArguments) => {
            done(await runPackAsync(directory, options, terminal, interruption));
        });
    program
        .command("report")
        .description("print a bake's or a session's profile as tables")
        .argument("<dir|report.json>", "folder of a bake, or a report that the profiler exported", pathArgument)
        .option("--json", "print the report itself, checked")
        .action(async (target: string, options: { json?: boolean }) => {
            done(await runReportAsync(target, options, terminal));
        });
    return program;
}

/** Checks a path. An empty one is a variable that was not set: it would be the file system's root. */
function pathArgument(text: string): string {
    if (text === "") {
        throw new InvalidArgumentError('It must be a path, as in ".".');
    }
    return text;
}

function countArgument(text: string): number {
    if (!/^\d{1,9}$/.test(text)) {
        throw new InvalidArgumentError("It must be a whole number of 0 or more.");
    }
    return Number(text);
}

function blockArgument(text: string): { countX: number; countZ: number } {
    const match = /^([1-9]\d{0,6})x([1-9]\d{0,6})$/.exec(text);
    if (match === null) {
        throw new InvalidArgumentError("It must be two counts of 1 or more, as in 16x16.");
    }
    return { countX: Number(match[1]), countZ: Number(match[2]) };
}

function levelsArgument(text: string): [number, number] {
    const match = /^(\d{1,2})-(\d{1,2})$/.exec(text);
    if (match === null) {
        throw new InvalidArgumentError("It must be the lowest and the highest level, as in 0-6.");
    }
    return [Number(match[1]), Number(match[2])];
}

function aroundArgument(text: string): { latitude: number; longitude: number } {
    const match = /^(-?\d{1,2}(?:\.\d{1,9})?),(-?\d{1,3}(?:\.\d{1,9})?)$/.exec(text);
    const [latitude, longitude] = [Number(match?.[1]), Number(match?.[2])];
    if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) {
        throw new InvalidArgumentError(
            "It must be degrees north from -90 to 90 and degrees east from -180 to 180, as in 52.5,13.4.",
        );
    }
    return { latitude, longitude };
}

function facesArgument(text: string): number[] {
    const faces = text.split(",");
    if (!faces.every((face) => /^[0-5]$/.test(face)) || new Set(faces).size < faces.length) {
        throw new InvalidArgumentError("It must be faces from 0 to 5, each once, as in 0,1,2.");
    }
    return faces.map(Number);
}

function centerArgument(text: string): { x: number; z: number } {
    const match = /^(-?\d{1,8}),(-?\d{1,8})$/.exec(text);
    if (match === null) {
        throw new InvalidArgumentError("It must be two whole numbers, as in -3,12.");
    }
    return { x: Number(match[1]), z: Number(match[2]) };
}
