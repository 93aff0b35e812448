// node scripts/kernelTypes.mjs: writes what src/kernels/ knows of assembly/ anew, from its sources: the types of the functions
// that assembly/index.ts exports, with their docs, and the constants of assembly/base/shared.ts.
// test/unit/kernels/kernelTypes.test.ts compares them with what is there, and with the wasm.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import prettier from "prettier";
import ts from "typescript";

const root = path.resolve(import.meta.dirname, "..");
const NOTE = "// Made from assembly/ by `node scripts/kernelTypes.mjs`. Do not edit it.\n\n";

/** What the host passes for each of AssemblyScript's types, and gets. Flags are 0 or 1. */
const HOST_TYPES = {
    void: "void",
    bool: "number",
    i32: "number",
    u32: "number",
    usize: "number",
    f32: "number",
    f64: "number",
    i64: "bigint",
    u64: "bigint",
};

/**
 * The files that are made, by path.
 * @returns {Promise<Record<string, string>>}
 */
export async function generateAsync() {
    const files = {
        "src/kernels/kernelExports.ts": NOTE + exportsSource(),
        "src/kernels/kernelConstants.ts": NOTE + constantsSource(),
    };
    const options = await prettier.resolveConfig(path.join(root, "src/kernels/kernelExports.ts"));
    for (const [file, text] of Object.entries(files)) {
        files[file] = await prettier.format(text, { ...options, parser: "typescript" });
    }
    return files;
}

/** The number that a constant of assembly/ stands for. */
export function readConstant(file, name) {
    for (const statement of parse(path.join("assembly", file)).statements) {
        const declaration = ts.isVariableStatement(statement) ? statement.declarationList.declarations[0] : undefined;
        if (declaration?.name.text === name) {
            return Number(declaration.initializer.getText().replaceAll("_", ""));
        }
    }
    throw new Error(`assembly/${file} has no constant ${name}.`);
}

function exportsSource() {
    const members = ["readonly memory: WebAssembly.Memory;"];
    for (const statement of parse("assembly/index.ts").statements) {
        const heading = comments(statement).at(-1);
        if (heading !== undefined) {
            members.push("", heading);
        }
        const file = path.join("assembly", `${statement.moduleSpecifier.text}.ts`);
        for (const { name } of statement.exportClause.elements) {
            members.push(memberSource(file, name.text));
        }
    }
    return (
        "/**\n * The functions that `terrane.wasm` exports. Addresses and lengths are bytes, flags are 0 or 1. All but `hash64` work in an\n" +
        " * arena that is laid out anew for each job. Any call may grow the memory, so views are taken anew after each.\n */\n" +
        `export interface KernelExports {\n${members.join("\n")}\n}\n`
    );
}

function memberSource(file, name) {
    const declaration = parse(file).statements.find(
        (statement) => ts.isFunctionDeclaration(statement) && statement.name.text === name,
    );
    if (declaration === undefined) {
        throw new Error(`${file} has no function ${name}.`);
    }
    const parameters = declaration.parameters.map(
        (parameter) => `${parameter.name.text}: ${hostType(parameter.type, file)}`,
    );
    const docs = comments(declaration).at(-1);
    if (!docs?.startsWith("/**")) {
        throw new Error(`${file}: ${name} has no docstring, and hosts call it.`);
    }
    return `${docs}\n${name}(${parameters.join(", ")}): ${hostType(declaration.type, file)};`;
}

function hostType(type, file) {
    const hostTypeName = HOST_TYPES[type.getText()];
    if (hostTypeName === undefined) {
        throw new Error(`${file}: hosts cannot pass nor get ${type.getText()}.`);
    }
    return hostTypeName;
}

function constantsSource() {
    return parse("assembly/base/shared.ts")
        .statements.map((statement) => {
            const { name, initializer } = statement.declarationList.declarations[0];
            const docs = comments(statement).filter((comment) => comment.startsWith("/**"));
            return `${docs.join("\n")}\nexport const ${name.text} = ${initializer.getText()};\n`;
        })
        .join("\n");
}

/** The comments before a statement. */
function comments(node) {
    const text = node.getSourceFile().text;
    const ranges = ts.getLeadingCommentRanges(text, node.getFullStart()) ?? [];
    return ranges.map(({ pos, end }) => text.slice(pos, end));
}

function parse(file) {
    return ts.createSourceFile(file, readFileSync(path.join(root, file), "utf8"), ts.ScriptTarget.ESNext, true);
}

if (process.argv[1] === import.meta.filename) {
    for (const [file, text] of Object.entries(await generateAsync())) {
        writeFileSync(path.join(root, file), text);
    }
}
