/** What a piece of shader code uses and does not declare itself. */
export interface ShaderNames {
    readonly stage: "vertex" | "fragment";
    /** Whether the code is part of a function's body. Default: it stands outside of functions. */
    readonly isBody?: boolean;
    /** Uniforms that Babylon declares, as it does for a material plugin. */
    readonly uniforms?: readonly string[];
    /** Attributes that are declared elsewhere. */
    readonly attributes?: readonly string[];
    /** Varyings that are declared elsewhere. */
    readonly varyings?: readonly string[];
    /** Samplers that are declared elsewhere. */
    readonly samplers?: Readonly<Record<string, SamplerKind>>;
    /** Structures that are declared elsewhere. */
    readonly structs?: readonly string[];
    /** What has another name in Babylon's WGSL. */
    readonly renamed?: Readonly<Record<string, string>>;
}

type SamplerKind = "sampler2D" | "sampler2DArray";

const TYPES: Readonly<Record<string, string>> = {
    void: "void",
    bool: "bool",
    int: "i32",
    uint: "u32",
    float: "f32",
    vec2: "vec2f",
    vec3: "vec3f",
    vec4: "vec4f",
    ivec2: "vec2i",
    mat2: "mat2x2f",
    mat3: "mat3x3f",
    mat4: "mat4x4f",
};
const FUNCTIONS: Readonly<Record<string, string>> = {
    dFdx: "dpdx",
    dFdy: "dpdy",
    inversesqrt: "inverseSqrt",
};
const TEXTURES: Readonly<Record<string, string>> = {
    texture: "textureSample",
    textureLod: "textureSampleLevel",
    textureGrad: "textureSampleGrad",
};
const TEXTURE_TYPES: Readonly<Record<SamplerKind, string>> = {
    sampler2D: "texture_2d<f32>",
    sampler2DArray: "texture_2d_array<f32>",
};
const TOKEN =
    /\s+|#[^\n]*|[A-Za-z_]\w*|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?u?|<<|>>|&&|\|\||\+\+|--|[-+*/%<>=!&|^]=|[-+*/%<>=!&|^~(){}[\];,.]/gy;

/**
 * Translates shader code of Terrane from GLSL ES 3 to WGSL as Babylon reads it, so that each shader is written once. For a part
 * of GLSL: docs/adr/0020-one-shader-source.md has its rules.
 *
 * @returns code without comments
 * @throws Error where the code leaves that part
 */
export function toWgsl(glsl: string, names: ShaderNames): string {
    return new Translation(glsl, names).run();
}

/** One piece of code under translation: tokens, and the place reached. */
class Translation {
    private readonly _tokens: readonly string[];
    private _at = 0;
    private _depth: number;
    private readonly _renamed = new Map<string, string>();
    private readonly _samplers: Map<string, SamplerKind>;
    private readonly _structs: Set<string>;

    public constructor(
        glsl: string,
        private readonly _names: ShaderNames,
    ) {
        this._tokens = readTokens(glsl.replace(/\/\*[^]*?\*\/|\/\/[^\n]*/g, ""));
        this._depth = _names.isBody === true ? 1 : 0;
        const isVertex = _names.stage === "vertex";
        this._rename(_names.uniforms, "uniforms");
        this._rename(_names.attributes, "vertexInputs");
        this._rename(_names.varyings, isVertex ? "vertexOutputs" : "fragmentInputs");
        for (const [name, other] of Object.entries(_names.renamed ?? {})) {
            this._renamed.set(name, other);
        }
        this._renamed.set("gl_Position", "vertexOutputs.position");
        this._renamed.set("gl_FragCoord", "fragmentInputs.position");
        this._renamed.set("gl_FragColor", "fragmentOutputs.color");
        this._samplers = new Map(Object.entries(_names.samplers ?? {}));
        this._structs = new Set(_names.structs);
    }

    public run(): string {
        let result = "";
        while (this._at < this._tokens.length) {
            result += this._readStatement();
        }
        return result;
    }

    private _rename(names: readonly string[] | undefined, owner: string): void {
        for (const name of names ?? []) {
            this._renamed.set(name, `${owner}.${name}`);
        }
    }

    /** Translates from the start of a statement to where the next may start. */
    private _readStatement(): string {
        const space = this._readSpace();
        const token = this._tokens[this._at];
        if (token === undefined) {
            return space;
        }
        if (token.startsWith("#")) {
            this._at++;
            return space + token;
        }
        if (token === "{" || token === "}") {
            this._depth += token === "{" ? 1 : -1;
            this._at++;
            return space + token;
        }
        if (token === "precision") {
            this._readUntil(";");
            return space;
        }
        if (token === "struct") {
            return space + this._readStruct();
        }
        if (token === "uniform" || token === "varying" || token === "attribute") {
            return space + this._readInterface(token);
        }
        if (token === "for") {
            return space + this._readFor();
        }
        if (token === "const" || this._isDeclaration()) {
            return space + this._readDeclaration();
        }
        return space + this._translate(this._readUntil(";", "{")) + this._readEnd();
    }

    private _isDeclaration(): boolean {
        const [first, second] = [this._tokens[this._at]!, this._peekAfter(this._at)];
        return (first in TYPES || this._structs.has(first)) && /^[A-Za-z_]/.test(second ?? "");
    }

    private _readStruct(): string {
        this._expect("struct");
        const name = this._readWord();
        this._structs.add(name);
        this._expect("{");
        let members = "";
        while (this._peek() !== "}") {
            const type = this._typeOf(this._readWord());
            members += ` ${this._readWord()}: ${type},`;
            this._expect(";");
        }
        this._expect("}");
        this._expect(";");
        return `struct ${name} {${members} }`;
    }

    private _readInterface(kind: string): string {
        this._expect(kind);
        let type = this._readWord();
        if (type === "highp") {
            type = this._readWord();
        }
        const name = this._readWord();
        this._expect(";");
        if (type === "sampler2D" || type === "sampler2DArray") {
            this._samplers.set(name, type);
            return `var ${name}Sampler: sampler;\nvar ${name}: ${TEXTURE_TYPES[type]};`;
        }
        const isVertex = this._names.stage === "vertex";
        const owners = {
            uniform: "uniforms",
            attribute: "vertexInputs",
            varying: isVertex ? "vertexOutputs" : "fragmentInputs",
        };
        this._rename([name], owners[kind as keyof typeof owners]);
        return `${kind} ${name}: ${this._typeOf(type)};`;
    }

    private _readFor(): string {
        this._expect("for");
        this._expect("(");
        const start = this._isDeclaration()
            ? this._readDeclaration()
            : this._translate(this._readUntil(";")) + this._readEnd();
        return `for (${start}${this._translate(this._readUntil("{"))}${this._readEnd()}`;
    }

    /** Translates a function's head, or a declaration with its end. */
    private _readDeclaration(): string {
        const isConst = this._peek() === "const";
        if (isConst) {
            this._expect("const");
        }
        const type = this._typeOf(this._readWord());
        const name = this._readWord();
        if (this._peek() === "(") {
            return this._readFunction(type, name);
        }
        const rest = this._readUntil(";");
        const [, count] = /^\s*\[\s*(\w+)\s*\]/.exec(rest.join("")) ?? [];
        const value = rest.includes("=") ? ` = ${this._translate(rest.slice(rest.indexOf("=") + 1)).trim()}` : "";
        const whole = count === undefined ? type : `array<${type}, ${count}>`;
        // A table that a variable indexes must lie in memory.
        const isTable = isConst && count !== undefined;
        const keyword = isConst && !isTable ? "const" : this._depth === 0 ? "var<private>" : "var";
        return `${keyword} ${name}: ${whole}${value}${this._readEnd()}`;
    }

    private _readFunction(type: string, name: string): string {
        const words = this._readUntil("{")
            .join("")
            .replace(/^\s*\(|\)\s*$/g, "");
        if (name === "main") {
            const isVertex = this._names.stage === "vertex";
            const head = isVertex
                ? "@vertex\nfn main(input: VertexInputs) -> FragmentInputs "
                : "@fragment\nfn main(input: FragmentInputs) -> FragmentOutputs ";
            return head + this._readEnd();
        }
        const parameters = words.trim() === "" || words.trim() === "void" ? [] : words.split(",");
        const list = parameters.map((parameter) => {
            const [parameterType, parameterName, ...others] = parameter.trim().split(/\s+/);
            if (parameterName === undefined || others.length > 0) {
                throw new Error(`Parameter "${parameter.trim()}" of ${name}: only a type and a name are translated.`);
            }
            return `${parameterName}: ${this._typeOf(parameterType!)}`;
        });
        return `fn ${name}(${list.join(", ")}) ${type === "void" ? "" : `-> ${type} `}${this._readEnd()}`;
    }

    /** Translates tokens of an expression, or of a statement that declares nothing. */
    private _translate(tokens: readonly string[]): string {
        let result = "";
        for (let i = 0; i < tokens.length; i++) {
            const token = tokens[i]!;
            const isMember = tokens[i - 1] === ".";
            if (isMember || !/^[A-Za-z_]/.test(token)) {
                result += token;
                continue;
            }
            const isCall = tokens[i + 1] === "(";
            if (isCall && (token in TEXTURES || token === "mod" || token === "atan")) {
                const end = closingOf(tokens, i + 1);
                result += this._translateCall(token, splitArguments(tokens.slice(i + 2, end)));
                i = end;
            } else if (isCall && token in FUNCTIONS) {
                result += FUNCTIONS[token];
            } else if (token in TYPES && tokens[i + 1] === "[") {
                const end = tokens.indexOf("]", i);
                result += `array<${TYPES[token]}, ${tokens.slice(i + 2, end).join("")}>`;
                i = end;
            } else {
                result += (isCall ? TYPES[token] : this._renamed.get(token)) ?? token;
            }
        }
        return result;
    }

    private _translateCall(name: string, parts: readonly (readonly string[])[]): string {
        const texts = parts.map((part) => this._translate(part).trim());
        if (name === "mod") {
            return `((${texts[0]}) - (${texts[1]}) * floor((${texts[0]}) / (${texts[1]})))`;
        }
        if (name === "atan") {
            return `${texts.length === 2 ? "atan2" : "atan"}(${texts.join(", ")})`;
        }
        const [sampler, place, ...others] = texts;
        const kind = this._samplers.get(sampler!);
        if (kind === undefined) {
            throw new Error(`${name}(${sampler}, ...): no sampler of that name is declared.`);
        }
        let where = place;
        if (kind === "sampler2DArray") {
            const words = trimmed(parts[1]!);
            const inner =
                words[0] === "vec3" && closingOf(words, 1) === words.length - 1
                    ? splitArguments(words.slice(2, -1))
                    : [];
            if (inner.length !== 2) {
                throw new Error(
                    `${name}(${sampler}, ${place}, ...): the place in an array is to be written vec3(place, layer).`,
                );
            }
            where = `${this._translate(inner[0]!).trim()}, i32(${this._translate(inner[1]!).trim()})`;
        }
        return `${TEXTURES[name]}(${[sampler, `${sampler}Sampler`, where, ...others].join(", ")})`;
    }

    private _typeOf(name: string): string {
        const type = TYPES[name] ?? (this._structs.has(name) ? name : undefined);
        if (type === undefined) {
            throw new Error(`"${name}" is no type that is translated.`);
        }
        return type;
    }

    /** Returns the tokens before the next of `ends`, outside parentheses. */
    private _readUntil(...ends: string[]): string[] {
        const start = this._at;
        let depth = 0;
        for (; this._at < this._tokens.length; this._at++) {
            const token = this._tokens[this._at]!;
            if (ends.includes(token) && depth <= 0) {
                return this._tokens.slice(start, this._at);
            }
            depth += token === "(" ? 1 : token === ")" ? -1 : 0;
        }
        throw new Error(`"${this._tokens.slice(start, start + 20).join("")}": ${ends.join(" or ")} is missing.`);
    }

    /** Reads the token that ends a statement or a head. */
    private _readEnd(): string {
        const token = this._tokens[this._at++]!;
        this._depth += token === "{" ? 1 : 0;
        return token;
    }

    private _readSpace(): string {
        let space = "";
        while (/^\s/.test(this._tokens[this._at] ?? "")) {
            space += this._tokens[this._at++];
        }
        return space;
    }

    private _peek(): string | undefined {
        this._readSpace();
        return this._tokens[this._at];
    }

    private _peekAfter(at: number): string | undefined {
        const next = this._tokens[at + 1];
        return next !== undefined && /^\s/.test(next) ? this._tokens[at + 2] : next;
    }

    private _readWord(): string {
        const word = this._peek() ?? "";
        this._at++;
        return word;
    }

    private _expect(token: string): void {
        const found = this._readWord();
        if (found !== token) {
            throw new Error(`"${found}" stands where "${token}" is expected.`);
        }
    }
}

function readTokens(text: string): string[] {
    const tokens: string[] = [];
    let at = 0;
    for (const [token] of text.matchAll(TOKEN)) {
        tokens.push(token);
        at += token.length;
    }
    if (at < text.length) {
        throw new Error(`"${text.slice(at, at + 20)}" is not translated.`);
    }
    return tokens;
}

/** Returns the place of the parenthesis that closes the one at `open`. */
function closingOf(tokens: readonly string[], open: number): number {
    let depth = 0;
    for (let i = open; i < tokens.length; i++) {
        depth += tokens[i] === "(" ? 1 : tokens[i] === ")" ? -1 : 0;
        if (depth === 0) {
            return i;
        }
    }
    throw new Error(`"${tokens.slice(open, open + 20).join("")}": a parenthesis is not closed.`);
}

function splitArguments(tokens: readonly string[]): string[][] {
    const parts: string[][] = [[]];
    let depth = 0;
    for (const token of tokens) {
        depth += token === "(" || token === "[" ? 1 : token === ")" || token === "]" ? -1 : 0;
        if (token === "," && depth === 0) {
            parts.push([]);
        } else {
            parts.at(-1)!.push(token);
        }
    }
    return parts;
}

/** Returns tokens without the space around them. */
function trimmed(tokens: readonly string[]): readonly string[] {
    const isSpace = (token: string | undefined): boolean => /^\s/.test(token ?? "");
    return tokens.slice(isSpace(tokens[0]) ? 1 : 0, isSpace(tokens.at(-1)) ? -1 : undefined);
}
