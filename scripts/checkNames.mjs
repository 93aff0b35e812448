// Fails where a public name has no docstring.
import path from "node:path";
import { entriesOf, publicNames, undocumentedNames } from "./publicNames.mjs";

const root = path.resolve(import.meta.dirname, "..");
const faults = undocumentedNames(publicNames(root, entriesOf(root)));
faults.forEach((fault) => console.log(fault));
process.exitCode = faults.length > 0 ? 1 : 0;
