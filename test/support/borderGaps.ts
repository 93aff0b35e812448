import { formatAddress } from "../../src/space/chunkAddress.js";
import type { BakedMesh } from "./bakedMesh.js";
import { borderLineOf, type BorderAxis } from "./borderLines.js";
import type { Random } from "./randomRecipe.js";
import { meetsTriangle, type Point, type Ray } from "./rays.js";

/** Two chunks of any levels that meet in a plane across `axis`; `low` lies below it. */
export interface Border {
    readonly low: BakedMesh;
    readonly high: BakedMesh;
    readonly axis: BorderAxis;
}

/** What was seen of gaps in which chunks of one kind have rock, and their neighbours air. */
export interface GapCounts {
    /** Gaps met by upright lines through the border. */
    gaps: number;
    /** Metres: the highest of them. */
    highest: number;
    /** Rays through gaps, each from somewhere in the open. */
    rays: number;
    /** Those from below the ground of the chunk where they begin. */
    fromCaves: number;
    /** Those that do not meet a skirt or a wall in the border: from where, through which point. */
    holes: string[];
}

export function createGapCounts(): GapCounts {
    return { gaps: 0, highest: 0, rays: 0, fromCaves: 0, holes: [] };
}

/** Metres from the border at least: a camera's near plane keeps its distance. */
const NEAREST = 0.3;
/** Metres: what is not as high is a matter of rounding. */
const LOWEST_GAP = 1e-6;
/** Times that a place in the open is looked for, for each ray. */
const MOST_TRIES = 8;

/** Metres off the border within which a ray meets what lies in it. */
const MEETING = 1e-6;

/** A chunk on one side of a border. */
interface Side {
    readonly mesh: BakedMesh;
    /** Of its line's segments, four numbers each: along, y, along, y. */
    readonly segments: readonly number[];
}

/**
 * Looks through the gaps of a border along upright lines in it. Wherever one chunk has air and the other rock, each ray from the
 * open must meet a skirt or a wall of that other where it passes the border.
 *
 * @param lines how many lines, each with all its gaps; @param rays how many through each gap
 * @param ofGrids, ofFused get what was seen of rock of height grids and of fused chunks
 */
export function lookThroughGaps(
    border: Border,
    lines: number,
    rays: number,
    random: Random,
    ofGrids: GapCounts,
    ofFused: GapCounts,
): void {
    const { axis } = border;
    const low = sideOf(border, true);
    const high = sideOf(border, false);
    const along = axis === 0 ? 2 : 0;
    const from = Math.max(originOf(low.mesh, along), originOf(high.mesh, along));
    const to = Math.min(endOf(low.mesh, along), endOf(high.mesh, along));
    for (let i = 0; i < lines; i++) {
        const at = random.between(from, to);
        for (const { bottom, top, isLowOpen } of gapsAt(low, high, at)) {
            const [open, rock] = isLowOpen ? [low, high] : [high, low];
            const counts = rock.mesh.isFused ? ofFused : ofGrids;
            counts.gaps++;
            counts.highest = Math.max(counts.highest, top - bottom);
            for (let ray = 0; ray < rays; ray++) {
                const through: [number, number, number] = [0, random.between(bottom, top), 0];
                through[axis] = originOf(high.mesh, axis);
                through[along] = at;
                lookThrough(through, isLowOpen ? 1 : -1, axis, open, rock, random, counts);
            }
        }
    }
}

function sideOf({ low, high, axis }: Border, isLow: boolean): Side {
    const mesh = isLow ? low : high;
    const { quantum } = mesh.header;
    const corner = originOf(mesh, axis === 0 ? 2 : 0);
    const segments = [...borderLineOf(mesh, axis, isLow).edges.values()].flatMap((ends) =>
        ends.flatMap(([y, along]) => [corner + along * quantum, y * quantum]),
    );
    return { mesh, segments };
}

function originOf({ header }: BakedMesh, axis: number): number {
    return axis === 0 ? header.origin.x : header.origin.z;
}

function endOf(mesh: BakedMesh, axis: number): number {
    return originOf(mesh, axis) + mesh.side * mesh.header.quantum;
}

interface Gap {
    bottom: number;
    top: number;
    isLowOpen: boolean;
}

/** Gaps along an upright line in the border, from the sky down: above a chunk's surface is air, then rock and air by turns. */
function gapsAt(low: Side, high: Side, at: number): Gap[] {
    const crossings = [low, high]
        .flatMap(({ segments }, which) => heightsAt(segments, at).map((y) => ({ y, which })))
        .sort((a, b) => b.y - a.y);
    const isOpen: [boolean, boolean] = [true, true];
    const gaps: Gap[] = [];
    for (const [i, { y, which }] of crossings.entries()) {
        const own = which as 0 | 1;
        isOpen[own] = !isOpen[own];
        const next = crossings[i + 1];
        if (isOpen[0] !== isOpen[1] && next !== undefined && y - next.y > LOWEST_GAP) {
            gaps.push({ bottom: next.y, top: y, isLowOpen: isOpen[0] });
        }
    }
    return gaps;
}

function heightsAt(segments: readonly number[], at: number): number[] {
    const heights: number[] = [];
    for (let i = 0; i < segments.length; i += 4) {
        const [from, y, to, toY] = segments.slice(i, i + 4) as [number, number, number, number];
        if (from < at !== to < at) {
            heights.push(y + ((at - from) / (to - from)) * (toY - y));
        }
    }
    return heights;
}

/** @param sense 1 where the ray goes to growing coordinates of `axis`, else -1 */
function lookThrough(
    through: Point,
    sense: number,
    axis: BorderAxis,
    open: Side,
    rock: Side,
    random: Random,
    counts: GapCounts,
): void {
    const [ground, stone] = [open.mesh, rock.mesh];
    const reach = ground.side * ground.header.quantum;
    for (let attempt = 0; attempt < MOST_TRIES; attempt++) {
        const way = directionTo(sense, axis, random);
        const distance = NEAREST * (reach / NEAREST) ** random.next();
        const eye = [0, 1, 2].map((i) => through[i]! - way[i]! * distance) as unknown as Point;
        const isWithin = [0, 2].every((i) => eye[i]! > originOf(ground, i) && eye[i]! < endOf(ground, i));
        const ray: Ray = { eye, way };
        if (!isWithin || surfaceHit(ground, ray, 0, true) < distance) {
            continue;
        }
        counts.rays++;
        counts.fromCaves += surfaceHit(ground, { eye, way: [0, 1, 0] }, 0, true) < Infinity ? 1 : 0;
        if (Math.abs(hangingHit(stone, ray) - distance) < MEETING) {
            return;
        }
        counts.holes.push(
            `from ${eye.join(" ")} through ${through.join(" ")} under ${formatAddress(stone.header.address)}`,
        );
        return;
    }
}

function surfaceHit(mesh: BakedMesh, ray: Ray, nearest: number, isTwoSided: boolean): number {
    return meetsTriangle(mesh.position, mesh.indices, 0, mesh.surfaceIndexCount, ray, nearest, isTwoSided);
}

/** Skirts and walls are seen from their front alone. */
function hangingHit({ position, indices, surfaceIndexCount }: BakedMesh, ray: Ray): number {
    return meetsTriangle(position, indices, surfaceIndexCount, indices.length, ray, 0, false);
}

/** Any direction across the border. */
function directionTo(sense: number, axis: BorderAxis, random: Random): Point {
    for (;;) {
        const way: [number, number, number] = [random.between(-1, 1), random.between(-1, 1), random.between(-1, 1)];
        const length = Math.hypot(...way);
        way[axis] = Math.abs(way[axis]) * sense;
        if (length <= 1 && Math.abs(way[axis]) > 0.05 * length) {
            return way.map((part) => part / length) as unknown as Point;
        }
    }
}
