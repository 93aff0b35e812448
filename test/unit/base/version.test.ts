import { readFileSync } from "node:fs";
import { VERSION } from "../../../src/base/version.js";

test("the library tells the version of its package", () => {
    expect(VERSION).toBe(JSON.parse(readFileSync("package.json", "utf8")).version);
});
