import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { entriesOf, publicNames, undocumentedNames } from "../../scripts/publicNames.mjs";

const root = path.resolve(import.meta.dirname, "../..");

/** The names of a package whose files these are. */
function namesOf(files: Record<string, string>) {
    const folder = mkdtempSync(path.join(os.tmpdir(), "names-"));
    try {
        mkdirSync(path.join(folder, "src"));
        writeFileSync(path.join(folder, "tsconfig.json"), '{ "compilerOptions": { "target": "ES2022", "types": [] } }');
        for (const [file, text] of Object.entries(files)) {
            writeFileSync(path.join(folder, "src", file), text);
        }
        return publicNames(folder, ["src/index.ts"]);
    } finally {
        rmSync(folder, { recursive: true });
    }
}

const MODULE = `
/** Draws. */
export class Brush {
    /** Metres. */
    public readonly width = 1;
    public color = "";
    private _ink = 1;
    protected load() {}
    /** @internal */
    public dry() {}
    public static open() {}
    public get ink() { return this._ink; }
    public paint(): void {}
}
export interface Stroke {
    length: number;
    /** When. */
    at: number;
}
export type Result =
    | {
          /** Whether. */
          ok: true;
          value: number;
      }
    | { ok: false };
export const Colors = {
    /** Red. */
    red() {},
    blue() {},
};
export function mix() {}
export class Failure extends Error { public override readonly name = "Failure"; }
function hidden() {}
export class NotExported { field = hidden; }
`;

test("of exports and their public members, those without a docstring are named with their place", () => {
    const names = namesOf({
        "brush.ts": MODULE,
        "index.ts": 'export { Brush, Colors, Failure, mix, type Result, type Stroke } from "./brush.js";\n',
    });
    expect(undocumentedNames(names).map((line) => line.split(" is public")[0])).toEqual([
        "src/brush.ts:6: Brush.color",
        "src/brush.ts:11: Brush.open",
        "src/brush.ts:12: Brush.ink",
        "src/brush.ts:13: Brush.paint",
        "src/brush.ts:15: Stroke",
        "src/brush.ts:16: Stroke.length",
        "src/brush.ts:20: Result",
        "src/brush.ts:24: Result.value",
        "src/brush.ts:26: Result.ok",
        "src/brush.ts:27: Colors",
        "src/brush.ts:30: Colors.blue",
        "src/brush.ts:32: mix",
        "src/brush.ts:33: Failure",
    ]);
    expect(names.find(({ name }) => name === "Brush.width")).toMatchObject({ doc: "Metres.", line: 5 });
});

test("members count where they are declared: what two types share is named once", () => {
    const names = namesOf({
        "index.ts":
            "interface Base { x: number }\n/** A. */\nexport interface A extends Base {}\n/** B. */\nexport interface B extends Base {}\n",
    });
    expect(undocumentedNames(names)).toEqual([expect.stringMatching(/^src\/index\.ts:1: A\.x is public/)]);
});

test("the entries are those of package.json", () => {
    expect(entriesOf(root)).toEqual(expect.arrayContaining(["src/index.ts", "src/baker/index.ts"]));
});

test("every public name of the package has a docstring", () => {
    const names = publicNames(root, entriesOf(root));
    expect(names.length).toBeGreaterThan(400);
    expect(undocumentedNames(names)).toEqual([]);
});
