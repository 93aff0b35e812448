// What users of the package can name: what its entries export, and the members of that. Types are not checked.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";

/** A member that is not public, or that says what its base says. */
const HIDDEN = ts.ModifierFlags.Private | ts.ModifierFlags.Protected | ts.ModifierFlags.Override;

/**
 * Returns the sources of the package's entries: what `exports` in package.json gives types for.
 * @param {string} root folder of package.json
 * @returns {string[]} paths relative to it
 */
export function entriesOf(root) {
    const { exports } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
    const sources = Object.values(exports)
        .map(({ types }) => types?.replace("./dist/types/", "src/").replace(/\.d\.ts$/, ""))
        .filter((source) => source !== undefined)
        .flatMap((source) => [`${source}.ts`, `${source}.tsx`])
        .filter((source) => existsSync(path.join(root, source)));
    return [...new Set(sources)];
}

/**
 * Reads the public names of entries.
 * @param {string} root folder of tsconfig.json; what lies outside its `src/` is another package's
 * @param {string[]} entries paths relative to it
 * @returns {{ name: string, file: string, line: number, doc: string }[]} `Type.member` for members; each declaration once, by
 *   file and line. No private, protected, overriding and `@internal` members
 */
export function publicNames(root, entries) {
    const { config } = ts.readConfigFile(path.join(root, "tsconfig.json"), ts.sys.readFile);
    const { options } = ts.parseJsonConfigFileContent({ ...config, files: entries, include: [] }, ts.sys, root);
    const files = entries.map((entry) => path.join(root, entry));
    const program = ts.createProgram(files, { ...options, incremental: false, tsBuildInfoFile: undefined });
    const checker = program.getTypeChecker();
    const sources = path.join(root, "src") + path.sep;
    const found = new Map();

    /** Returns whether the name is one of ours, which is then listed. */
    const list = (symbol, name) => {
        const declaration = symbol.declarations?.[0];
        const source = declaration?.getSourceFile();
        if (
            source === undefined ||
            !path.normalize(source.fileName).startsWith(sources) ||
            ts.getCombinedModifierFlags(declaration) & HIDDEN ||
            symbol.getJsDocTags(checker).some((tag) => tag.name === "internal")
        ) {
            return false;
        }
        const file = path.relative(root, source.fileName).split(path.sep).join("/");
        const position = declaration.getStart();
        const at = `${file}:${position}`;
        if (!found.has(at)) {
            const line = source.getLineAndCharacterOfPosition(position).line + 1;
            const doc = ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim();
            found.set(at, { name, file, line, doc });
        }
        return true;
    };

    /** Lists the members of a type; of a union, those of its parts. */
    const listMembers = (type, name) => {
        for (const part of type.isUnion() ? type.types : [type]) {
            for (const member of checker.getPropertiesOfType(part)) {
                if (member.name !== "prototype") {
                    list(member, `${name}.${member.name}`);
                }
            }
        }
    };

    for (const file of files) {
        const module = checker.getSymbolAtLocation(program.getSourceFile(file));
        for (const exported of checker.getExportsOfModule(module)) {
            const isAlias = (exported.flags & ts.SymbolFlags.Alias) !== 0;
            const symbol = isAlias ? checker.getAliasedSymbol(exported) : exported;
            if (!list(symbol, exported.name)) {
                continue;
            }
            if (symbol.flags & ts.SymbolFlags.Type) {
                listMembers(checker.getDeclaredTypeOfSymbol(symbol), exported.name);
            }
            if (symbol.flags & (ts.SymbolFlags.Variable | ts.SymbolFlags.Class)) {
                listMembers(checker.getTypeOfSymbol(symbol), exported.name);
            }
        }
    }
    return [...found.values()].sort((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1));
}

/**
 * Returns a line for each public name that has no docstring.
 * @param {ReturnType<typeof publicNames>} names
 * @returns {string[]}
 */
export function undocumentedNames(names) {
    return names
        .filter(({ doc }) => doc === "")
        .map(({ name, file, line }) => `${file}:${line}: ${name} is public and has no docstring: say what it is.`);
}
