import { Random } from "../support/randomRecipe.js";
import { findCave, findMouth, findSpot, type Field, type Pose } from "./places.js";

export type Place = "mouth" | "cave" | "open";

/** How a view comes about. */
export type Manner =
    /** All is there that the view wants. */
    | "still"
    /** Levels are those that a viewer some way off wants, so that their borders are near. */
    | "border"
    /** Just above the ground, towards the horizon. */
    | "grazing"
    /** Straight down. */
    | "down"
    /** Several frames of a flight, each as streaming leaves it. */
    | "flight"
    /** Chunks are missing, and levels jump by two and more. */
    | "late"
    /** Exchanges of levels are under way. */
    | "dissolve";

/** The samples whose recipes are looked at. */
export type Sample = "endless" | "caves";

/** What is looked at, made by `createViews`: plain data. */
export interface View {
    /** From 0, in the order of the seed's views. */
    readonly index: number;
    readonly sample: Sample;
    readonly recipeSeed: number;
    readonly place: Place;
    readonly manner: Manner;
    /** Of the picture, in pixels. */
    readonly height: number;
    readonly pose: Pose;
    /** Metres from the eye at which another viewer stands: the levels are his, or were before an exchange began. */
    readonly standOff: { readonly x: number; readonly z: number };
    /** Seeds what depends on what is drawn: which border, which chunks are late. */
    readonly chance: number;
}

export interface ViewCounts {
    /** Pictures 180 pixels high. */
    readonly low: number;
    /** Pictures 720 pixels high. */
    readonly high: number;
}

/** Percent of all views by place and manner. */
export const SHARES: readonly (readonly [Place, Manner, number])[] = [
    ["mouth", "still", 9],
    ["mouth", "border", 5],
    ["mouth", "down", 3],
    ["mouth", "late", 6],
    ["mouth", "dissolve", 4],
    ["cave", "still", 8],
    ["cave", "border", 3],
    ["cave", "late", 6],
    ["cave", "dissolve", 4],
    ["open", "still", 4],
    ["open", "border", 10],
    ["open", "grazing", 10],
    ["open", "down", 7],
    ["open", "flight", 8],
    ["open", "late", 7],
    ["open", "dissolve", 6],
];

export const LOW_HEIGHT = 180;
export const HIGH_HEIGHT = 720;
/** Views of one world, at most: then comes another. */
const VIEWS_A_WORLD = 25;
/** Metres: how far from the origin worlds are looked at. */
const REACH = 60_000;

/**
 * Makes the views of a seed, in the order in which they are best looked at: world by world, low pictures first. The same seed
 * and counts give the same views.
 *
 * @param fieldOf opens a world's field; asked once a world
 */
export function createViews(
    seed: number,
    { low, high }: ViewCounts,
    fieldOf: (sample: Sample, recipeSeed: number) => Field,
): View[] {
    const random = new Random(seed);
    return [...createPart(random, low, LOW_HEIGHT, 0, fieldOf), ...createPart(random, high, HIGH_HEIGHT, low, fieldOf)];
}

/** Returns lines that say how many views there are of each kind. */
export function describeCounts(views: readonly Pick<View, "place" | "manner" | "height" | "sample">[]): string[] {
    const lines = SHARES.map(([place, manner]) => {
        const count = views.filter((view) => view.place === place && view.manner === manner).length;
        return `${place}, ${manner}: ${count}`;
    });
    const atCaves = views.filter(({ place }) => place !== "open").length;
    const high = views.filter(({ height }) => height === HIGH_HEIGHT).length;
    const endless = views.filter(({ sample }) => sample === "endless").length;
    return [
        ...lines,
        `${views.length} views: ${atCaves} at mouths and in caves, ${high} at ${HIGH_HEIGHT} pixels, ` +
            `${endless} of endless, ${views.length - endless} of caves`,
    ];
}

function* createPart(
    random: Random,
    count: number,
    height: number,
    first: number,
    fieldOf: (sample: Sample, recipeSeed: number) => Field,
): Generator<View> {
    const kinds = shuffle(kindsOf(count), random);
    // As many worlds of one sample as of the other.
    const worlds = 2 * Math.ceil(count / VIEWS_A_WORLD / 2);
    for (let world = 0; world < worlds; world++) {
        const sample = world % 2 === 0 ? "caves" : "endless";
        const recipeSeed = Math.floor(random.next() * 2 ** 31);
        const [from, to] = [world, world + 1].map((i) => Math.round((i * count) / worlds)) as [number, number];
        if (from === to) {
            continue;
        }
        const field = fieldOf(sample, recipeSeed);
        const centre = { x: (random.next() * 2 - 1) * REACH, z: (random.next() * 2 - 1) * REACH };
        for (let i = from; i < to; i++) {
            const [place, manner] = kinds[i]!;
            const pose = findPose(field, centre, place, manner, random);
            const standOff = createStandOff(manner, height, random);
            const chance = Math.floor(random.next() * 2 ** 31);
            yield { index: first + i, sample, recipeSeed, place, manner, height, pose, standOff, chance };
        }
    }
}

/** Returns a kind for each view, by their shares: what is left over goes to those that lack most. */
function kindsOf(count: number): (readonly [Place, Manner])[] {
    const exact = SHARES.map(([place, manner, share]) => ({
        kind: [place, manner] as const,
        due: (count * share) / 100,
    }));
    const kinds = exact.flatMap(({ kind, due }) => Array.from({ length: Math.floor(due) }, () => kind));
    const left = exact.sort((a, b) => (b.due % 1) - (a.due % 1)).slice(0, count - kinds.length);
    return [...kinds, ...left.map(({ kind }) => kind)];
}

function findPose(
    field: Field,
    centre: { readonly x: number; readonly z: number },
    place: Place,
    manner: Manner,
    random: Random,
): Pose {
    if (place === "mouth") {
        return findMouth(field, centre, manner === "down", random);
    }
    if (place === "cave") {
        return findCave(field, centre, random);
    }
    const spot = findSpot(field, centre, random);
    const yaw = random.next() * 2 * Math.PI;
    if (manner === "grazing") {
        return {
            x: spot.x,
            y: spot.ground + 1.2 + 2 * random.next(),
            z: spot.z,
            yaw,
            pitch: (random.next() - 0.6) * 0.1,
        };
    }
    if (manner === "down") {
        return { x: spot.x, y: spot.ground + 8 * 80 ** random.next(), z: spot.z, yaw, pitch: Math.PI / 2 };
    }
    return { x: spot.x, y: spot.ground + 12 + 50 * random.next(), z: spot.z, yaw, pitch: 0.5 * random.next() - 0.1 };
}

/** Returns where another viewer stands, by which levels end near the eye. Levels reach as far as pictures are high. */
function createStandOff(manner: Manner, height: number, random: Random): { x: number; z: number } {
    const angle = random.next() * 2 * Math.PI;
    const share = random.next();
    // An exchange begins where a viewer moves; one that moves by more than 120 m in a frame has jumped.
    const metres =
        manner === "border" ? 8 * 40 ** share * (height / LOW_HEIGHT) : manner === "dissolve" ? 15 + 95 * share : 0;
    return { x: Math.cos(angle) * metres, z: Math.sin(angle) * metres };
}

function shuffle<T>(items: T[], random: Random): T[] {
    for (let i = items.length - 1; i > 0; i--) {
        const other = Math.floor(random.next() * (i + 1));
        [items[i], items[other]] = [items[other]!, items[i]!];
    }
    return items;
}
