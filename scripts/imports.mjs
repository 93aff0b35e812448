// What imports what in `src/`, types counted: read from the syntax alone, so that nothing is built or type-checked.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";

/**
 * Returns the specifiers that a module imports: of values and types, `import("...").X` and dynamic imports among them,
 * and of what it exports again.
 *
 * @param {string} text
 * @param {string} [file] its name says whether the text may hold JSX
 * @returns {string[]}
 */
export function specifiersOf(text, file = "module.ts") {
    const found = [];
    const visit = (node) => {
        const specifier = ts.isImportTypeNode(node)
            ? node.argument.literal
            : ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
              ? node.arguments[0]
              : (node.moduleSpecifier ?? undefined);
        if (specifier !== undefined && ts.isStringLiteralLike(specifier)) {
            found.push(specifier.text);
        }
        ts.forEachChild(node, visit);
    };
    visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest));
    return found;
}

/**
 * Reads the imports of all TypeScript files of a folder.
 * @param {string} folder
 * @returns {Map<string, string[]>} for each file, the files of the folder that it imports; paths are relative to the folder
 */
export function readImports(folder) {
    const imports = new Map();
    for (const name of readdirSync(folder, { recursive: true }).sort()) {
        const file = name.split(path.sep).join("/");
        if (/(?<!\.d)\.tsx?$/.test(file)) {
            const targets = specifiersOf(readFileSync(path.join(folder, file), "utf8"), file)
                .filter((specifier) => specifier.startsWith("."))
                .map((specifier) => path.posix.join(path.posix.dirname(file), specifier.replace(/\.js$/, "")))
                .flatMap((target) => [`${target}.ts`, `${target}.tsx`])
                .filter((target) => existsSync(path.join(folder, target)));
            imports.set(file, [...new Set(targets)].sort());
        }
    }
    return imports;
}

/**
 * Returns the circles of a graph of imports: the largest sets of files of which each reaches each other one. Tarjan's
 * algorithm.
 * @param {Map<string, string[]>} imports
 * @returns {string[][]} sorted
 */
export function circlesOf(imports) {
    const order = new Map();
    const lowest = new Map();
    const open = [];
    const circles = [];
    const visit = (file) => {
        order.set(file, order.size);
        lowest.set(file, order.get(file));
        open.push(file);
        for (const target of imports.get(file) ?? []) {
            if (!order.has(target)) {
                visit(target);
            }
            if (open.includes(target)) {
                lowest.set(file, Math.min(lowest.get(file), lowest.get(target)));
            }
        }
        if (lowest.get(file) === order.get(file)) {
            const circle = open.splice(open.indexOf(file)).sort();
            if (circle.length > 1 || imports.get(file)?.includes(file)) {
                circles.push(circle);
            }
        }
    };
    [...imports.keys()].forEach((file) => order.has(file) || visit(file));
    return circles.sort();
}
