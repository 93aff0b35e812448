import { TerraneError } from "../base/errors.js";
import { PRIORITY_BANDS, type PriorityBand } from "../base/priorityBands.js";
import { levelHasCaves } from "../recipe/lattice.js";
import type { Recipe } from "../recipe/recipe.js";
import { assertAddress, formatAddress, type ChunkAddress } from "../space/chunkAddress.js";
import { addressKey, faceOfKey, levelOfKey, xOfKey, zOfKey } from "../space/chunkKey.js";
import { STAGES, type Stage } from "./protocol.js";

/** What a work item is told besides its address. */
export type WorkParameters = Readonly<Record<string, number | string | boolean>>;

/** One stage of one chunk. */
export interface WorkItem {
    /** `address#kind`, as in `0/3/-2#fusion`. */
    readonly id: string;
    /** The stage. */
    readonly kind: Stage;
    /** The chunk's address. */
    readonly address: ChunkAddress;
    /** How urgent it is. */
    readonly priority: PriorityBand;
    /** What the recipe says that matters to the stage. */
    readonly parameters: WorkParameters;
    /** Ids of the items that must be done first: all of the same chunk, for a chunk depends on nothing else. */
    readonly dependencies: readonly string[];
}

/** A chunk's items, which run on one worker, in this order. */
export interface PlannedChunk {
    /** The chunk's address. */
    readonly address: ChunkAddress;
    /** Priority of the most urgent item. */
    readonly priority: PriorityBand;
    /** Number of items. */
    readonly itemCount: number;
    /** The items' kinds, in order. */
    readonly stages: readonly Stage[];
    /** The items, made when they are read: seven objects a chunk, which a plan of a million chunks does not hold. */
    readonly items: readonly WorkItem[];
}

/** A graph of work that is consistent: every dependency is there, and nothing waits for itself. */
export interface WorkPlan {
    /** Number of items of all chunks. */
    readonly itemCount: number;
    /** Every item, chunk by chunk in the order of execution. Made when it is read. */
    readonly items: readonly WorkItem[];
    /** The chunks, the most urgent first; of equal ones the one that was named first. */
    readonly chunks: readonly PlannedChunk[];
    /** Number of items by stage. */
    readonly countOf: Readonly<Record<Stage, number>>;
}

export interface PlanOptions {
    /** Returns a chunk's priority. Default: `normal` for all. */
    readonly priorityOf?: (address: ChunkAddress) => PriorityBand;
}

/** Which stages each stage waits for, where the chunk has them. */
const WAITS_FOR: Readonly<Record<Stage, readonly Stage[]>> = {
    noise: [],
    heightfield: ["noise"],
    // Caves are looked for below the ground alone, and in cave country.
    sdf: ["noise", "heightfield"],
    fusion: ["heightfield", "sdf"],
    tangents: ["fusion"],
    serialize: ["fusion", "tangents"],
    hash: ["serialize"],
};

/**
 * Returns the stages of a chunk of this level, in order. Where no caves can be, tangents come with the height grid's
 * mesh.
 */
export function stagesOf(recipe: Recipe, level: number): readonly Stage[] {
    return levelHasCaves(recipe, level) ? STAGES : STAGES.filter((stage) => stage !== "sdf" && stage !== "tangents");
}

/**
 * Plans the bake of `addresses`.
 *
 * @throws TerraneError where an address is named twice or out of range, or a priority is unknown
 */
export function planChunks(
    recipe: Recipe,
    addresses: Iterable<ChunkAddress>,
    { priorityOf = () => "normal" }: PlanOptions = {},
): WorkPlan {
    const chunks = [...stagedChunks(recipe, addresses, priorityOf)];
    assertNoDoubles(chunks);
    return new ChunkPlan(inOrder(chunks));
}

function* stagedChunks(
    recipe: Recipe,
    addresses: Iterable<ChunkAddress>,
    priorityOf: (address: ChunkAddress) => PriorityBand,
): Generator<StagedChunk> {
    const levels = new Map<number, LevelStages>();
    for (const address of addresses) {
        assertAddress(address);
        const { level } = address;
        const stages = levels.get(level) ?? { recipe, stages: stagesOf(recipe, level) };
        levels.set(level, stages);
        const priority = priorityOf(address);
        checkPriority(priority);
        yield new StagedChunk(address, priority, stages);
    }
}

/** What all chunks of a level share. */
interface LevelStages {
    readonly recipe: Recipe;
    readonly stages: readonly Stage[];
}

/** A chunk whose items follow from its address and level. */
class StagedChunk implements PlannedChunk {
    public constructor(
        public readonly address: ChunkAddress,
        public readonly priority: PriorityBand,
        private readonly _level: LevelStages,
    ) {}

    public get stages(): readonly Stage[] {
        return this._level.stages;
    }

    public get itemCount(): number {
        return this.stages.length;
    }

    public get items(): readonly WorkItem[] {
        const { address, priority, stages } = this;
        const name = formatAddress(address);
        return stages.map((kind) => ({
            id: idOf(name, kind),
            kind,
            address,
            priority,
            parameters: parametersOf(this._level.recipe, kind),
            dependencies: WAITS_FOR[kind].filter((stage) => stages.includes(stage)).map((stage) => idOf(name, stage)),
        }));
    }
}

class ChunkPlan implements WorkPlan {
    public readonly itemCount: number;
    public readonly countOf: WorkPlan["countOf"];

    public constructor(public readonly chunks: readonly PlannedChunk[]) {
        const { itemCount, countOf } = outlineOf(chunks, 0);
        this.itemCount = itemCount;
        this.countOf = countOf;
    }

    public get items(): readonly WorkItem[] {
        return this.chunks.flatMap(({ items }) => items);
    }
}

/** A plan's totals, and its first chunks. */
export interface PlanOutline {
    readonly itemCount: number;
    readonly chunkCount: number;
    readonly countOf: Readonly<Record<Stage, number>>;
    readonly chunksOf: Readonly<Record<PriorityBand, number>>;
    readonly first: readonly PlannedChunk[];
}

/**
 * Returns what a plan to bake `addresses`, each once and all of them `normal`, comes to. Keeps no chunks but the first.
 *
 * @throws TerraneError where an address is out of range
 */
export function outlineChunks(recipe: Recipe, addresses: Iterable<ChunkAddress>, maxFirst: number): PlanOutline {
    return outlineOf(
        stagedChunks(recipe, addresses, () => "normal"),
        maxFirst,
    );
}

function outlineOf(chunks: Iterable<PlannedChunk>, maxFirst: number): PlanOutline {
    const countOf = Object.fromEntries(STAGES.map((stage) => [stage, 0])) as Record<Stage, number>;
    const chunksOf = Object.fromEntries(PRIORITY_BANDS.map((band) => [band, 0])) as Record<PriorityBand, number>;
    const first: PlannedChunk[] = [];
    let itemCount = 0;
    let chunkCount = 0;
    for (const chunk of chunks) {
        for (const stage of chunk.stages) {
            countOf[stage]++;
        }
        chunksOf[chunk.priority]++;
        itemCount += chunk.itemCount;
        if (chunkCount++ < maxFirst) {
            first.push(chunk);
        }
    }
    return { itemCount, chunkCount, countOf, chunksOf, first };
}

/**
 * Orders work items. Deterministic: the same items in the same order give the same plan.
 *
 * @throws TerraneError where an id is there twice, a dependency is missing or another chunk's, or items wait for each
 *   other
 */
export function createWorkPlan(items: readonly WorkItem[]): WorkPlan {
    const known = new Map<string, WorkItem>();
    const itemsOf = new Map<string, WorkItem[]>();
    for (const item of items) {
        checkOnce(!known.has(item.id), "id", item.id);
        check(STAGES.includes(item.kind), "kind", item.kind, STAGES.join(", "), "Choose one of these.");
        checkPriority(item.priority);
        known.set(item.id, item);
        const name = formatAddress(item.address);
        const siblings = itemsOf.get(name);
        if (siblings === undefined) {
            itemsOf.set(name, [item]);
        } else {
            siblings.push(item);
        }
    }
    const chunks = [...itemsOf].map(([name, own]) => planChunk(name, own, known));
    return new ChunkPlan(inOrder(chunks));
}

/** Returns a plan as text: totals by kind and by priority, then a line for each chunk, at most `maxChunks` of them. */
export function formatWorkPlan(plan: WorkPlan, maxChunks = Infinity): string {
    return formatPlanOutline(outlineOf(plan.chunks, maxChunks));
}

/** Returns the text of `formatWorkPlan`. */
export function formatPlanOutline({ itemCount, chunkCount, countOf, chunksOf, first }: PlanOutline): string {
    const kinds = STAGES.map((stage) => `${stage} ${countOf[stage]}`).join(", ");
    const bands = PRIORITY_BANDS.filter((band) => chunksOf[band] > 0).map((band) => `${band} ${chunksOf[band]}`);
    const lines = [
        `${itemCount} work items of ${chunkCount} chunks`,
        `by kind: ${kinds}`,
        `chunks by priority: ${bands.join(", ") || "none"}`,
    ];
    for (const { address, priority, items } of first) {
        const steps = items.map(({ kind, dependencies }) => {
            const waits = dependencies.map((id) => id.slice(id.indexOf("#") + 1));
            return waits.length > 0 ? `${kind}(${waits.join(" ")})` : kind;
        });
        lines.push(`  ${formatAddress(address)} ${priority}: ${steps.join(" > ")}`);
    }
    const more = chunkCount - first.length;
    return [...lines, ...(more > 0 ? [`  and ${more} more`] : [])].join("\n");
}

function planChunk(name: string, items: readonly WorkItem[], known: ReadonlyMap<string, WorkItem>): PlannedChunk {
    const waiting = new Set(items);
    const done = new Set<string>();
    const ordered: WorkItem[] = [];
    for (const item of items) {
        for (const id of item.dependencies) {
            const field = `dependencies of ${item.id}`;
            const dependency = known.get(id);
            check(dependency !== undefined, field, id, "items of this plan", "Add the item, or drop the dependency.");
            check(
                formatAddress(dependency!.address) === name,
                field,
                id,
                `items of chunk ${name}`,
                "A chunk depends on its recipe and address alone.",
            );
        }
    }
    while (waiting.size > 0) {
        const next = [...waiting].find(({ dependencies }) => dependencies.every((id) => done.has(id)));
        if (next === undefined) {
            const circle = [...waiting].map(({ id }) => id).join(", ");
            throw new TerraneError("dependencies", circle, "no circles", "These items wait for each other.");
        }
        waiting.delete(next);
        done.add(next.id);
        ordered.push(next);
    }
    const priority = PRIORITY_BANDS.find((band) => items.some((item) => item.priority === band))!;
    const stages = ordered.map(({ kind }) => kind);
    return { address: items[0]!.address, priority, itemCount: ordered.length, stages, items: ordered };
}

/** Sorts chunks, the most urgent first. Sorting is stable: within a band the order stays as given. */
function inOrder<T extends PlannedChunk>(chunks: T[]): T[] {
    const rankOf = new Map(PRIORITY_BANDS.map((band, rank) => [band, rank]));
    return chunks.sort((a, b) => rankOf.get(a.priority)! - rankOf.get(b.priority)!);
}

/** Throws where an address is there twice. Compares sorted numbers: a set of a million takes ten times their memory. */
function assertNoDoubles(chunks: readonly PlannedChunk[]): void {
    const keys = Float64Array.from(chunks, ({ address: { face, level, x, z } }) =>
        addressKey(face, level, x, z),
    ).sort();
    const double = keys.findIndex((key, i) => key === keys[i + 1]);
    if (double >= 0) {
        const key = keys[double]!;
        const address = { face: faceOfKey(key), level: levelOfKey(key), x: xOfKey(key), z: zOfKey(key) };
        checkOnce(false, "address", formatAddress(address));
    }
}

function parametersOf({ terrain, caves }: Recipe, kind: Stage): WorkParameters {
    switch (kind) {
        case "noise":
            return { samples: terrain.resolution + 1 };
        case "heightfield":
            return { samples: terrain.resolution + 1, octaves: terrain.octaves };
        case "sdf":
            return { octaves: caves.octaves, maxDepth: caves.maxDepth, latticeStep: caves.latticeStep };
        case "fusion":
        case "tangents":
            return { resolution: terrain.resolution };
        case "serialize":
        case "hash":
            return {};
    }
}

function idOf(name: string, kind: Stage): string {
    return `${name}#${kind}`;
}

function checkOnce(holds: boolean, field: string, value: string): void {
    check(holds, field, value, `an ${field} of its own for each`, "Name each chunk once.");
}

function checkPriority(priority: PriorityBand): void {
    check(PRIORITY_BANDS.includes(priority), "priority", priority, PRIORITY_BANDS.join(", "), "Choose one of these.");
}

function check(holds: boolean, field: string, value: unknown, allowed: string, remedy: string): void {
    if (!holds) {
        throw new TerraneError(`workItem.${field}`, value, allowed, remedy);
    }
}
