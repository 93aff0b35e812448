import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { formatReport } from "../profiler/formatReport.js";
import { parseReport } from "../profiler/parseReport.js";
import { StoreError } from "../store/chunkStore.js";
import { ExitCode } from "./exitCodes.js";
import type { Terminal } from "./terminal.js";

/** The name under which a bake leaves its report. */
const REPORT_FILE = "report.json";

/** `terrane report`: a report, or the one in a bake's folder, as tables or, checked, as it is. */
export async function runReportAsync(target: string, args: { json?: boolean }, terminal: Terminal): Promise<number> {
    const report = parseReport(await readAsync(target));
    terminal.print(args.json === true ? JSON.stringify(report) : formatReport(report, terminal.width));
    return ExitCode.done;
}

async function readAsync(target: string): Promise<string> {
    try {
        const isDirectory = (await stat(target)).isDirectory();
        return await readFile(isDirectory ? path.join(target, REPORT_FILE) : target, "utf8");
    } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new StoreError(`The report could not be read: ${reason}`, target, error);
    }
}
