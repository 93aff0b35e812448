import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";

const FOLDER = path.resolve(import.meta.dirname, "../../../src/generators");

/** What may stand in a module-level value: constants, and scratch that has room for numbers alone. */
const HARMLESS = new Set([
    ts.SyntaxKind.NumericLiteral,
    ts.SyntaxKind.StringLiteral,
    ts.SyntaxKind.PrefixUnaryExpression,
    ts.SyntaxKind.BinaryExpression,
    ts.SyntaxKind.ParenthesizedExpression,
    ts.SyntaxKind.PropertyAccessExpression,
    ts.SyntaxKind.Identifier,
]);

function canHold(value: ts.Expression | undefined): boolean {
    if (value === undefined) {
        return true;
    }
    if (ts.isAsExpression(value)) {
        return canHold(value.expression);
    }
    if (ts.isObjectLiteralExpression(value)) {
        const { properties } = value;
        return (
            properties.length === 0 ||
            properties.some((entry) => !ts.isPropertyAssignment(entry) || canHold(entry.initializer))
        );
    }
    if (ts.isArrayLiteralExpression(value)) {
        return value.elements.length === 0 || value.elements.some(canHold);
    }
    if (ts.isNewExpression(value)) {
        return !/^(Float|Uint|Int)\d+Array$/.test(value.expression.getText());
    }
    return !HARMLESS.has(value.kind);
}

/** Names of a module's own and its classes' static values that could hold an object of a world's. */
function holdersIn(text: string): string[] {
    const { statements } = ts.createSourceFile("module.ts", text, ts.ScriptTarget.Latest, true);
    const values = statements
        .filter(ts.isVariableStatement)
        .flatMap((statement) => [...statement.declarationList.declarations]);
    const statics = statements
        .filter(ts.isClassDeclaration)
        .flatMap(({ members }) => members.filter(ts.isPropertyDeclaration))
        .filter((member) => member.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword));
    return [...values, ...statics].filter(({ initializer }) => canHold(initializer)).map(({ name }) => name.getText());
}

test.each(readdirSync(FOLDER))("%s keeps nothing of a world at its module's level", (file) => {
    expect(holdersIn(readFileSync(path.join(FOLDER, file), "utf8"))).toEqual([]);
});

test("what could keep a world alive is seen", () => {
    const code = `
        const STEP = 2 ** 4 * Float32Array.BYTES_PER_ELEMENT;
        const scratch = { x: 0, at: { low: -1 }, stops: [0, 0] };
        const planes = new Float32Array(4);
        const corners = { a: 0, planes: createPlanes() };
        const facts = { count: 2 } as const;
        const cache = {} as Record<string, Tile>;
        let last: Tile | null = null;
        let next: Tile;
        export const tiles: Tile[] = [];
        const byPlace = new Map<string, Tile>();
        class Tiles {
            static readonly side = 16;
            static newest = new Tiles();
            private readonly _cache = new Map();
        }
    `;
    expect(holdersIn(code)).toEqual(["corners", "cache", "last", "next", "tiles", "byPlace", "newest"]);
});
