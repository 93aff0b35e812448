import { describeValue } from "../../../src/base/describeValue.js";
import { problemText, TerraneError, throwProblems, type Problem } from "../../../src/base/errors.js";
import { flagField, integerField, numberField, sectionField, type Field } from "../../../src/base/fieldTable.js";
import { problemsOf, readField } from "../../../src/base/readFields.js";

const inner = sectionField({
    meaning: "a section",
    fields: {
        size: numberField({ minimum: 0, maximum: 10, default: 5, meaning: "size" }),
        flag: flagField({ default: true, meaning: "flag" }),
    },
});
const list: Field = {
    type: "list",
    meaning: "a list",
    default: [],
    allowed: "an array of integers",
    items: integerField({ minimum: 0, maximum: 9, meaning: "digit" }),
    accepts: Array.isArray,
};
const ROOT = sectionField({ meaning: "all", isRequired: true, renamed: { old: "list" }, fields: { inner, list } });

describe("reading", () => {
    test("completes by defaults, in the table's order, without -0 and with nothing of the table's own", () => {
        const problems: Problem[] = [];
        const read = readField(ROOT, { list: [-0, 3], inner: { size: -0 } }, "root", problems);
        expect(JSON.stringify(read)).toBe('{"inner":{"size":0,"flag":true},"list":[0,3]}');
        expect(problems).toEqual([]);
        const defaults = readField(ROOT, {}, "root", problems) as { list: unknown };
        expect(defaults).toEqual({ inner: { size: 5, flag: true }, list: [] });
        expect(defaults.list).not.toBe(list.default);
    });

    test("lays what is given over another base", () => {
        const base = { inner: { size: 7 }, list: [1] };
        expect(readField(ROOT, { inner: { flag: false } }, "root", [], base)).toEqual({
            inner: { size: 7, flag: false },
            list: [1],
        });
    });

    test("names everything that is wrong, nested and unknown too", () => {
        const value = { inner: { size: 11, flag: 1, sise: 2 }, list: [1, "2", 3.5, undefined], old: [], size: 4 };
        expect(problemsOf(ROOT, value, "root").map(({ field, remedy }) => [field, remedy])).toEqual([
            ["root.inner.size", "Correct it, or leave it out for the default 5."],
            ["root.inner.flag", "Correct it, or leave it out for the default true."],
            ["root.inner.sise", "Did you mean root.inner.size?"],
            ["root.list[1]", "Correct it, or leave out root.list for its defaults."],
            ["root.list[2]", "Correct it, or leave out root.list for its defaults."],
            ["root.list[3]", "Correct it, or leave out root.list for its defaults."],
            ["root.old", "It is called root.list now."],
            ["root.size", "Did you mean root.inner.size?"],
        ]);
    });

    test("reads each property once", () => {
        let reads = 0;
        const value = {
            get inner() {
                reads++;
                return reads === 1 ? { size: 1 } : { size: 1e9 };
            },
        };
        expect(readField(ROOT, value, "root", [])).toMatchObject({ inner: { size: 1 } });
        expect(reads).toBe(1);
    });
});

describe("hostile values", () => {
    const thrower = {
        get inner(): never {
            throw new Error("no");
        },
        get unknown(): never {
            throw new Error("no");
        },
    };
    const revoked = Proxy.revocable({}, {});
    revoked.revoke();
    const refusing = new Proxy(
        {},
        {
            ownKeys: () => {
                throw new Error("no");
            },
        },
    );
    const cycle: Record<string, unknown> = {};
    cycle.inner = cycle;
    const shouting = {
        toString: () => {
            throw new Error("no");
        },
        [Symbol.toPrimitive]: () => {
            throw new Error("no");
        },
    };
    const lying = new Proxy([], { get: (_, key) => (key === "length" ? shouting : undefined) });

    test.each<[string, unknown, string[]]>([
        ["getters that throw", thrower, ["root.inner", "root.unknown"]],
        ["a proxy without a target", revoked.proxy, ["root"]],
        ["a proxy that hides its keys", refusing, ["root"]],
        ["a circle", cycle, ["root.inner.inner"]],
        ["an object that cannot be a text", { inner: shouting }, ["root.inner.toString"]],
        ["an array that lies about its length", { inner: lying, list: [lying] }, ["root.inner", "root.list[0]"]],
        ["a key that is no identifier", { "a\nerror: forged \x1b[2J": 1 }, ["root.a\nerror: forged \x1b[2J"]],
        [
            "an inherited name",
            JSON.parse('{"__proto__":{"size":1},"constructor":1}'),
            ["root.__proto__", "root.constructor"],
        ],
    ])("%s", (_, value, fields) => {
        const problems = problemsOf(ROOT, value, "root");
        expect(problems.map(({ field }) => field)).toEqual(fields);
        for (const problem of problems) {
            // eslint-disable-next-line no-control-regex -- these are what is looked for
            expect(problemText(problem)).not.toMatch(/[\0-\x1f]/);
            expect(problemText(problem).length).toBeLessThan(400);
        }
        expect(() => throwProblems(problems)).toThrow(TerraneError);
    });

    test("lists that never end, or do not tell their length, are read no further than is of use", () => {
        const endless = new Proxy([], { get: (_, key) => (key === "length" ? Infinity : undefined) });
        expect(problemsOf(ROOT, { list: endless }, "root")).toHaveLength(1000);
        expect(problemsOf(ROOT, { list: lying }, "root").map(({ field }) => field)).toEqual(["root.list"]);
        const refusing = new Proxy([], {
            get: () => {
                throw new Error("no");
            },
        });
        expect(problemsOf(ROOT, { list: refusing }, "root").map(({ field }) => field)).toEqual(["root.list"]);
    });

    test("a hundred thousand unknown names are named in seconds", () => {
        const many = Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`name${i}`, i]));
        expect(problemsOf(ROOT, { inner: many }, "root")).toHaveLength(100_000);
    });

    test.each<[unknown, string]>([
        [null, "null"],
        [undefined, "undefined"],
        [-0, "0"],
        [5n, "5"],
        [Symbol("x"), "Symbol(x)"],
        ["x".repeat(100), `"${"x".repeat(77)}..."`],
        [() => "its source", "a function"],
        [Object.assign(() => 1, shouting), "a function"],
        [shouting, "an object"],
        [lying, "an array"],
        [[1, 2], "an array of 2"],
        [revoked.proxy, "an object that cannot be read"],
    ])("case %# is described in a few words", (value, text) => {
        expect(describeValue(value)).toBe(text);
    });
});

describe("errors", () => {
    const problem = (i: number): Problem => ({ field: `f${i}`, value: i, allowed: "none", remedy: "Remove it." });

    test("one problem is one line, and stands in the error's own fields", () => {
        const error = new TerraneError("a", 1, "2", "Pass 2.");
        expect(error).toMatchObject({ field: "a", value: 1, allowed: "2", remedy: "Pass 2." });
        expect(error.message).toBe("a is 1; allowed: 2. Pass 2.");
        expect(error.problems).toEqual([{ field: "a", value: 1, allowed: "2", remedy: "Pass 2." }]);
    });

    test("several are listed, and the first stands in the error's own fields", () => {
        const problems = [problem(1), { ...problem(2), isUnknown: true }];
        const error = caught(() => throwProblems(problems));
        expect(error).toMatchObject({ field: "f1", value: 1, problems, code: "TERRANE_INVALID" });
        expect(error.message.split("\n")).toEqual([
            "2 things are wrong:",
            "f1 is 1; allowed: none. Remove it.",
            "f2 is unknown (given: 2); allowed: none. Remove it.",
        ]);
        expect(() => throwProblems([])).not.toThrow();
    });

    test("a message lists the first fifty, the error has all", () => {
        const error = caught(() => throwProblems(Array.from({ length: 1000 }, (_, i) => problem(i))));
        expect(error.problems).toHaveLength(1000);
        expect(error.message.split("\n")).toHaveLength(52);
        expect(error.message).toMatch(/and 950 more$/);
    });

    function caught(run: () => void): TerraneError {
        try {
            run();
        } catch (error) {
            return error as TerraneError;
        }
        throw new Error("Nothing was thrown.");
    }
});
