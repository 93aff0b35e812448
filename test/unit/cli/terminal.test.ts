import { EventEmitter } from "node:events";
import { createTerminal, printLines, ProgressLine } from "../../../src/cli/terminal.js";

class Sink extends EventEmitter {
    public text = "";
    public readonly isTTY = true;
    public readonly columns = 20;
    public write(text: string): void {
        this.text += text;
    }
}

const hostile = "a\x1b[2J\nerror: forged\x9b\u202e";
const harmless = "a\\u001b[2J\\u000aerror: forged\\u009b\\u202e";

test("whatever is printed stays in its line", () => {
    const [results, remarks] = [new Sink(), new Sink()];
    const terminal = createTerminal(results, remarks, () => {});
    terminal.print(hostile);
    terminal.warn(hostile);
    terminal.overwrite(hostile);
    expect(results.text).toBe(`${harmless}\n`);
    expect(remarks.text).toBe(`${harmless}\n\r\x1b[K${harmless}`);
});

test("a text of several lines is printed line by line", () => {
    const results = new Sink();
    printLines(createTerminal(results, new Sink(), () => {}).print, "a\n\nb\x07\n\n");
    expect(results.text).toBe("a\n\nb\\u0007\n");
});

test("a progress line is as wide as the terminal", () => {
    const remarks = new Sink();
    new ProgressLine(createTerminal(new Sink(), remarks, () => {})).show("x".repeat(50));
    expect(remarks.text).toBe(`\r\x1b[K${"x".repeat(19)}`);
});

test("results that are lost are told of, remarks that are lost are not", () => {
    const [results, remarks] = [new Sink(), new Sink()];
    const lost: string[] = [];
    createTerminal(results, remarks, ({ message }) => lost.push(message));
    remarks.emit("error", new Error("EPIPE"));
    results.emit("error", new Error("ENOSPC"));
    expect(lost).toEqual(["ENOSPC"]);
});
