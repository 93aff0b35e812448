// Fails where a retired word is used.
import path from "node:path";
import { retiredWords } from "./words.mjs";

const faults = retiredWords(path.resolve(import.meta.dirname, ".."));
faults.forEach((fault) => console.log(fault));
process.exitCode = faults.length > 0 ? 1 : 0;
