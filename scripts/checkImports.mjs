// Fails where files of `src/` import each other in a circle, if by types alone: lint's own rule passes over types.
import path from "node:path";
import { circlesOf, readImports } from "./imports.mjs";

/** Circles that are known and will be opened. */
const KNOWN_CIRCLES = [["babylon/chunkFamily.ts", "babylon/chunkMeshSlot.ts", "babylon/pooledChunk.ts"]];

const known = KNOWN_CIRCLES.map(String);
const circles = circlesOf(readImports(path.resolve(import.meta.dirname, "../src"))).filter(
    (circle) => !known.includes(String(circle)),
);
for (const circle of circles) {
    console.log(`These files import each other in a circle: ${circle.join(", ")}.`);
}
process.exitCode = circles.length > 0 ? 1 : 0;
