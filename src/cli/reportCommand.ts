import { stat } from "node:fs/promises";
import path from "node:path";
import { messageOf } from "../base/errors.js";
import { formatReport } from "../profiler/formatReport.js";
import { parseReport } from "../profiler/parseReport.js";
import { StoreError } from "../store/chunkStore.js";
import { ExitCode } from "./exitCodes.js";
import { printLines, type Terminal } from "./terminal.js";
import { readTextFileAsync } from "./textFile.js";

/** Name under which a bake leaves its report. */
const REPORT_FILE = "report.json";
/** Most bytes of a report. */
const MAX_BYTES = 2 ** 26;

/** Runs `terrane report`: prints a report, or the one in a bake's folder, as tables or, checked, as it is. */
export async function runReportAsync(target: string, args: { json?: boolean }, terminal: Terminal): Promise<number> {
    const report = parseReport(await readTextFileAsync(await fileOfAsync(target), "The report", MAX_BYTES));
    printLines(terminal.print, args.json === true ? JSON.stringify(report) : formatReport(report, terminal.width));
    return ExitCode.done;
}

async function fileOfAsync(target: string): Promise<string> {
    try {
        return (await stat(target)).isDirectory() ? path.join(target, REPORT_FILE) : target;
    } catch (error) {
        throw new StoreError(`The report could not be read: ${messageOf(error)}`, target, error);
    }
}
