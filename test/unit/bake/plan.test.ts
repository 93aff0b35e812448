import fc from "fast-check";
import {
    createWorkPlan,
    formatPlanOutline,
    formatWorkPlan,
    outlineChunks,
    planChunks,
    stagesOf,
    type WorkItem,
} from "../../../src/bake/plan.js";
import { STAGES } from "../../../src/bake/protocol.js";
import { PRIORITY_BANDS } from "../../../src/base/priorityBands.js";
import { Presets } from "../../../src/recipe/presets.js";
import {
    flatAddress,
    formatAddress,
    MAX_CHUNK_COORDINATE,
    MAX_FACE_LEVEL,
    MAX_LEVEL,
    NO_FACE,
    parseAddress,
} from "../../../src/space/chunkAddress.js";

const recipe = Presets.caves();
const noCaves = Presets.endless({ caves: { enabled: false } });
const item = (kind: WorkItem["kind"], dependencies: string[] = [], name = "0/0/0"): WorkItem => ({
    id: `${name}#${kind}`,
    kind,
    address: parseAddress(name),
    priority: "normal",
    parameters: {},
    dependencies,
});

test("a chunk with caves has all seven stages, each behind what it needs", () => {
    const { chunks, items, countOf } = planChunks(recipe, [flatAddress(0, 3, -2)]);
    expect(chunks).toHaveLength(1);
    expect(items.map(({ id }) => id)).toEqual(STAGES.map((stage) => `0/3/-2#${stage}`));
    expect(countOf).toEqual(Object.fromEntries(STAGES.map((stage) => [stage, 1])));
    const waitsFor = (kind: string): string[] =>
        items.find((one) => one.kind === kind)!.dependencies.map((id) => id.split("#")[1]!);
    expect(waitsFor("fusion")).toEqual(["heightfield", "sdf"]);
    expect(waitsFor("tangents")).toEqual(["fusion"]);
    expect(waitsFor("hash")).toEqual(["serialize"]);
    expect(items[1]!.parameters).toEqual({ samples: 65, octaves: recipe.terrain.octaves });
});

test("where no caves can be, nothing waits for them", () => {
    expect(stagesOf(noCaves, 0)).toEqual(["noise", "heightfield", "fusion", "serialize", "hash"]);
    expect(stagesOf(recipe, 10)).toEqual(stagesOf(noCaves, 0));
    const { items, countOf } = planChunks(noCaves, [flatAddress(0, 0, 0), flatAddress(0, 1, 0)]);
    expect([items.length, countOf.sdf, countOf.tangents, countOf.fusion]).toEqual([10, 0, 0, 2]);
    expect(items.find(({ kind }) => kind === "serialize")!.dependencies).toEqual(["0/0/0#fusion"]);
});

test("the most urgent chunks come first, and a band keeps its order", () => {
    const addresses = [4, 3, 2, 1, 0].map((x) => flatAddress(0, x, 0));
    const { chunks } = planChunks(recipe, addresses, { priorityOf: ({ x }) => PRIORITY_BANDS[x % 3]! });
    expect(chunks.map(({ address }) => address.x)).toEqual([3, 0, 4, 1, 2]);
    expect(chunks.map(({ priority }) => priority)).toEqual(["immediate", "immediate", "high", "high", "normal"]);
});

test("a chunk is as urgent as its most urgent item", () => {
    const items = [item("noise"), { ...item("heightfield", ["0/0/0#noise"]), priority: "high" as const }];
    expect(createWorkPlan(items).chunks[0]!.priority).toBe("high");
});

test("whatever the order of a chunk's items, each runs behind those it waits for", () => {
    const { items } = planChunks(recipe, [flatAddress(0, 0, 0), flatAddress(0, 1, 5), flatAddress(1, 0, 0)]);
    fc.assert(
        fc.property(fc.shuffledSubarray([...items], { minLength: items.length }), (shuffled) => {
            const plan = createWorkPlan(shuffled);
            const done = new Set<string>();
            for (const { id, dependencies } of plan.items) {
                expect(dependencies.every((dependency) => done.has(dependency))).toBe(true);
                done.add(id);
            }
            expect(done.size).toBe(items.length);
            for (const chunk of plan.chunks) {
                const name = formatAddress(chunk.address);
                expect(chunk.items.every(({ address }) => formatAddress(address) === name)).toBe(true);
            }
            expect(createWorkPlan(shuffled)).toEqual(plan);
        }),
    );
});

test.each([
    [
        "a circle",
        [item("noise", ["0/0/0#hash"]), item("hash", ["0/0/0#noise"])],
        /noise, 0\/0\/0#hash.*wait for each other/,
    ],
    ["an item that waits for itself", [item("noise", ["0/0/0#noise"])], /wait for each other/],
    [
        "a dependency that is not there",
        [item("hash", ["0/0/0#serialize"])],
        /dependencies of 0\/0\/0#hash is "0\/0\/0#serialize"/,
    ],
    [
        "another chunk's item as dependency",
        [item("noise"), item("noise", [], "0/1/0"), item("hash", ["0/0/0#noise"], "0/1/0")],
        /A chunk depends on its recipe and address alone/,
    ],
    ["an id that is there twice", [item("noise"), item("noise")], /Name each chunk once/],
    ["an unknown kind", [item("bread" as "noise")], /kind is "bread"; allowed: noise, heightfield/],
    [
        "an unknown priority",
        [{ ...item("noise"), priority: "soon" as "low" }],
        /priority is "soon"; allowed: immediate/,
    ],
])("%s is an error", (_, items, message) => {
    expect(() => createWorkPlan(items)).toThrow(message);
});

test("an address that is named twice, or is none, is an error", () => {
    expect(() => planChunks(recipe, [flatAddress(0, 1, 1), flatAddress(0, 1, 1)])).toThrow(/Name each chunk once/);
    expect(() => planChunks(recipe, [{ face: -1, level: 0, x: 0.5, z: 0 }])).toThrow(/address.x is 0.5/);
});

test("chunks of every level and face are told apart, and a second one is named", () => {
    const limit = MAX_CHUNK_COORDINATE;
    const flat = [0, 1, MAX_LEVEL].flatMap((level) =>
        [-limit, -1, 0, limit].flatMap((x) => [-limit, 0, 1, limit].map((z) => ({ face: NO_FACE, level, x, z }))),
    );
    const ofFaces = [0, 5].flatMap((face) =>
        [0, 1, MAX_FACE_LEVEL - 1].flatMap((level) => {
            const last = 2 ** (MAX_FACE_LEVEL - level) - 1;
            return [0, last].flatMap((x) => [0, last].map((z) => ({ face, level, x, z })));
        }),
    );
    const addresses = [...flat, ...ofFaces];
    expect(planChunks(noCaves, addresses).chunks).toHaveLength(addresses.length);
    for (const address of addresses) {
        expect(() => planChunks(noCaves, [...addresses, { ...address }])).toThrow(`"${formatAddress(address)}"`);
    }
});

test("items are made when they are read, and counted without", () => {
    const plan = planChunks(recipe, [flatAddress(0, 0, 0), flatAddress(9, 0, 0)]);
    expect([plan.itemCount, ...plan.chunks.map(({ itemCount }) => itemCount)]).toEqual([12, 7, 5]);
    expect(plan.items).toEqual(plan.chunks.flatMap(({ items }) => items));
    expect(createWorkPlan(plan.items)).toEqual(createWorkPlan([...plan.items]));
    expect(createWorkPlan(plan.items).chunks.map(({ items }) => items)).toEqual(plan.chunks.map(({ items }) => items));
});

test("an outline says what the whole plan says, and takes each address as it comes", () => {
    const addresses = [flatAddress(0, 3, 1), flatAddress(9, 0, 0), flatAddress(0, -1, 2)];
    const plan = planChunks(recipe, addresses);
    let given = 0;
    const outline = outlineChunks(recipe, one(), 2);
    function* one(): Generator<ReturnType<typeof flatAddress>> {
        for (const address of addresses) {
            given++;
            yield address;
        }
    }
    expect(given).toBe(3);
    const { itemCount, countOf } = plan;
    expect(outline).toMatchObject({ itemCount, chunkCount: 3, countOf, chunksOf: { normal: 3, low: 0 } });
    expect(outline.first.map(({ items }) => items)).toEqual(plan.chunks.slice(0, 2).map(({ items }) => items));
    expect(formatPlanOutline(outline)).toBe(formatWorkPlan(plan, 2));
    expect(() => outlineChunks(recipe, [{ face: -1, level: 0, x: 0.5, z: 0 }], 2)).toThrow(/address.x is 0.5/);
});

test("a plan can be printed, long ones in part", () => {
    const addresses = Array.from({ length: 5 }, (_, x) => flatAddress(0, x, 0));
    const plan = planChunks(recipe, addresses, { priorityOf: ({ x }) => (x === 0 ? "immediate" : "low") });
    expect(formatWorkPlan(plan, 2).split("\n")).toEqual([
        "35 work items of 5 chunks",
        "by kind: noise 5, heightfield 5, sdf 5, fusion 5, tangents 5, serialize 5, hash 5",
        "chunks by priority: immediate 1, low 4",
        "  0/0/0 immediate: noise > heightfield(noise) > sdf(noise heightfield) > fusion(heightfield sdf) > " +
            "tangents(fusion) > serialize(fusion tangents) > hash(serialize)",
        expect.stringMatching(/^ {2}0\/1\/0 low: /),
        "  and 3 more",
    ]);
    expect(formatWorkPlan(createWorkPlan([]))).toMatch(/^0 work items of 0 chunks/);
});
