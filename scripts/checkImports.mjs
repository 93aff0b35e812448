// Fails where the arrows are not what the imports are, where files of `src/` import each other in a circle, and where
// ARCHITECTURE.md has other arrows. Types count, which lint's own rule for circles passes over. `--write` puts the arrows
// into ARCHITECTURE.md.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { faultsOfArrows, withArrows } from "./arrows.mjs";
import { circlesOf, readImports } from "./imports.mjs";

const root = path.resolve(import.meta.dirname, "..");
const imports = readImports(path.join(root, "src"));
const page = path.join(root, "ARCHITECTURE.md");
const text = readFileSync(page, "utf8");
const drawn = withArrows(text);
if (process.argv.includes("--write")) {
    writeFileSync(page, drawn.text);
} else if (drawn.text !== text) {
    drawn.faults.push("ARCHITECTURE.md has other arrows: run node scripts/checkImports.mjs --write");
}
const faults = [
    ...faultsOfArrows(imports).map((fault) => `${fault}: see scripts/arrows.mjs.`),
    ...circlesOf(imports).map((circle) => `These files import each other in a circle: ${circle.join(", ")}.`),
    ...drawn.faults.map((fault) => `${fault}.`),
];
faults.forEach((fault) => console.log(fault));
process.exitCode = faults.length > 0 ? 1 : 0;
