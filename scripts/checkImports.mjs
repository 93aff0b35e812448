// Fails where the arrows are not what the imports are, and where files of `src/` import each other in a circle. Types count,
// which lint's own rule for circles passes over.
import path from "node:path";
import { faultsOfArrows } from "./arrows.mjs";
import { circlesOf, readImports } from "./imports.mjs";

const imports = readImports(path.resolve(import.meta.dirname, "../src"));
const faults = [
    ...faultsOfArrows(imports).map((fault) => `${fault}: see scripts/arrows.mjs.`),
    ...circlesOf(imports).map((circle) => `These files import each other in a circle: ${circle.join(", ")}.`),
];
faults.forEach((fault) => console.log(fault));
process.exitCode = faults.length > 0 ? 1 : 0;
