import { TerraneError } from "../base/errors.js";
import { PRIORITY_BANDS, type PriorityBand } from "../base/priorityBands.js";
import { levelHasCaves } from "../recipe/lattice.js";
import type { Recipe } from "../recipe/recipe.js";
import { assertAddress, formatAddress, type ChunkAddress } from "../space/chunkAddress.js";
import { STAGES, type Stage } from "./protocol.js";

/** What a work item is told besides its address. */
export type WorkParameters = Readonly<Record<string, number | string | boolean>>;

/** One stage of one chunk. */
export interface WorkItem {
    /** `address#kind`, as in `0/3/-2#fusion`. */
    readonly id: string;
    readonly kind: Stage;
    readonly address: ChunkAddress;
    readonly priority: PriorityBand;
    readonly parameters: WorkParameters;
    /** Ids of the items that must be done before: all of the same chunk, for a chunk depends on nothing else. */
    readonly dependencies: readonly string[];
}

/** A chunk's items, which run on one worker, in this order. */
export interface PlannedChunk {
    readonly address: ChunkAddress;
    /** The most urgent of its items'. */
    readonly priority: PriorityBand;
    readonly items: readonly WorkItem[];
}

/** A graph of work that holds together: every dependency is there, and nothing waits for itself. */
export interface WorkPlan {
    /** Every item, chunk by chunk in the order of execution. */
    readonly items: readonly WorkItem[];
    /** The most urgent first; of equal ones that which was named first. */
    readonly chunks: readonly PlannedChunk[];
    readonly countOf: Readonly<Record<Stage, number>>;
}

export interface PlanOptions {
    /** Default `normal` for all. */
    readonly priorityOf?: (address: ChunkAddress) => PriorityBand;
}

/** What each stage waits for, where the chunk has it. */
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

/** The stages of a chunk of this level, in order. Where no caves can be, tangents come with the height grid's mesh. */
export function stagesOf(recipe: Recipe, level: number): readonly Stage[] {
    return levelHasCaves(recipe, level) ? STAGES : STAGES.filter((stage) => stage !== "sdf" && stage !== "tangents");
}

/**
 * The plan to bake `addresses`.
 *
 * @throws TerraneError where an address is named twice, is out of range, or a priority is none
 */
export function planChunks(
    recipe: Recipe,
    addresses: Iterable<ChunkAddress>,
    { priorityOf = () => "normal" }: PlanOptions = {},
): WorkPlan {
    const items: WorkItem[] = [];
    const stagesByLevel = new Map<number, readonly Stage[]>();
    for (const address of addresses) {
        assertAddress(address);
        let stages = stagesByLevel.get(address.level);
        if (stages === undefined) {
            stages = stagesOf(recipe, address.level);
            stagesByLevel.set(address.level, stages);
        }
        const name = formatAddress(address);
        const priority = priorityOf(address);
        for (const kind of stages) {
            const dependencies = WAITS_FOR[kind]
                .filter((stage) => stages.includes(stage))
                .map((stage) => idOf(name, stage));
            const parameters = parametersOf(recipe, kind);
            items.push({ id: idOf(name, kind), kind, address, priority, parameters, dependencies });
        }
    }
    return createWorkPlan(items);
}

/**
 * Orders work items. Deterministic: the same items in the same order give the same plan.
 *
 * @throws TerraneError where an id is there twice, a dependency is missing or is another chunk's, or items wait for each other
 */
export function createWorkPlan(items: readonly WorkItem[]): WorkPlan {
    const known = new Map<string, WorkItem>();
    const itemsOf = new Map<string, WorkItem[]>();
    for (const item of items) {
        check(!known.has(item.id), "id", item.id, "an id of its own for each item", "Name each chunk once.");
        check(STAGES.includes(item.kind), "kind", item.kind, STAGES.join(", "), "Choose one of these.");
        check(
            PRIORITY_BANDS.includes(item.priority),
            "priority",
            item.priority,
            PRIORITY_BANDS.join(", "),
            "Choose one of these.",
        );
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
    // Sorting is stable: within a band the order stays as given.
    chunks.sort((a, b) => PRIORITY_BANDS.indexOf(a.priority) - PRIORITY_BANDS.indexOf(b.priority));
    const ordered = chunks.flatMap((chunk) => chunk.items);
    const countOf = Object.fromEntries(STAGES.map((stage) => [stage, 0])) as Record<Stage, number>;
    for (const { kind } of ordered) {
        countOf[kind]++;
    }
    return { items: ordered, chunks, countOf };
}

/** The plan as text: totals by kind and by priority, then a line for each chunk, at most `maxChunks` of them. */
export function formatWorkPlan(plan: WorkPlan, maxChunks = Infinity): string {
    const kinds = STAGES.map((stage) => `${stage} ${plan.countOf[stage]}`).join(", ");
    const bands = PRIORITY_BANDS.map((band) => [band, plan.chunks.filter(({ priority }) => priority === band).length])
        .filter(([, count]) => count !== 0)
        .map(([band, count]) => `${band} ${count}`);
    const lines = [
        `${plan.items.length} work items of ${plan.chunks.length} chunks`,
        `by kind: ${kinds}`,
        `chunks by priority: ${bands.join(", ") || "none"}`,
    ];
    for (const { address, priority, items } of plan.chunks.slice(0, maxChunks)) {
        const steps = items.map(({ kind, dependencies }) => {
            const waits = dependencies.map((id) => id.slice(id.indexOf("#") + 1));
            return waits.length > 0 ? `${kind}(${waits.join(" ")})` : kind;
        });
        lines.push(`  ${formatAddress(address)} ${priority}: ${steps.join(" > ")}`);
    }
    const more = plan.chunks.length - Math.min(plan.chunks.length, maxChunks);
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
    return { address: items[0]!.address, priority, items: ordered };
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

function check(holds: boolean, field: string, value: unknown, allowed: string, remedy: string): void {
    if (!holds) {
        throw new TerraneError(`workItem.${field}`, value, allowed, remedy);
    }
}
