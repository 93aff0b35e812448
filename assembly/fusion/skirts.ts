// Skirts of fused chunks: all the rock in the chunk's border planes, down to a rim that lies lower than any air another level may
// have there. Wherever that level's surface parts from the chunk's, one of them has rock in the border where the other has air.

import { reserve } from "../base/arena";
import { countX } from "../heightfield/grid";
import { lowestAir, turnToBorder } from "../caves/borderCaves";
import { quantaPerSample, wholeQuanta } from "../caves/caveWorld";
import { vertexOf } from "../surface/packedIndex";
import {
    loadX,
    loadY,
    loadZ,
    storeCaveWeight,
    storeNormal,
    storeSkyWeight,
    storeX,
    storeY,
    storeZ,
} from "../surface/packedVertex";
import {
    addSplit,
    addTriangle,
    copyVertex,
    indexCount,
    mappingOf,
    needIndices,
    setUnitNormal,
    vertexAt,
} from "../surface/surface";
import { FLAT, writeTangent, writeUv } from "../surface/uvMapping";
import { HIGH_X, HIGH_Z, LOW_X } from "./marchingCubes";
import { addOutline, beginOutline, corners, cornersEnd, coverRock, keyOf, layoutSweep } from "./rockSweep";

/** A segment: the vertices where the edge of a triangle begins and ends, in the triangle's own sense, and its border, as i32. */
const SEGMENT_BYTES: usize = 12;
const SEGMENT_END: usize = 4;
const SEGMENT_BORDER: usize = 8;
let segments: usize = 0;
let segmentCapacity: i32 = 0;
export let skirtCount: i32 = 0;

/** The normal of a rim's vertices: where none shows, so that what lies between them and the ground is lit like it. */
const UP: v128 = f32x4(0, 1, 0, 0);
/** Cells between two vertices of a rim. Coarse cells do not cross the upright lines through them. */
const RIM_CELLS: i32 = 4;
/** Of a rim's vertices, i32 each: its height; the lowest of the outline beside it; the highest there, and that one's vertex. */
const RIM_BYTES: usize = 16;
const RIM_LOWEST: usize = 4;
const RIM_HIGHEST: usize = 8;
const RIM_VERTEX: usize = 12;
let rim: usize = 0;
/**
 * Of the outline's points on the upright lines at a border's two ends, i32 each: height, vertex, and how many segments end there.
 * Each line's lie one behind the other.
 */
const END_BYTES: usize = 12;
const END_VERTEX: usize = 4;
const END_COUNT: usize = 8;
let ends: usize = 0;
let endsEnd: usize = 0;

/**
 * Forgets all segments.
 *
 * @param most what a chunk has at most without caves; more are made room for
 */
export function layoutSkirts(most: i32): void {
    segmentCapacity = most;
    segments = reserve(<usize>most * SEGMENT_BYTES);
    skirtCount = 0;
}

/** Returns the address of a segment. */
@inline
function segmentAt(i: i32): usize {
    return segments + <usize>i * SEGMENT_BYTES;
}

/**
 * Remembers an edge of the surface that lies in a border plane.
 *
 * @param border `LOW_X` to `HIGH_Z`
 * @param from, to slots: see fusionSlots.ts
 */
export function addSkirtSegment(border: i32, from: u32, to: u32): void {
    if (skirtCount === segmentCapacity) {
        segmentCapacity *= 2;
        const grown = reserve(<usize>segmentCapacity * SEGMENT_BYTES);
        memory.copy(grown, segments, <usize>skirtCount * SEGMENT_BYTES);
        segments = grown;
    }
    const segment = segmentAt(skirtCount);
    store<i32>(segment, vertexOf(from));
    store<i32>(segment, vertexOf(to), SEGMENT_END);
    store<i32>(segment, border, SEGMENT_BORDER);
    skirtCount++;
}

/**
 * Adds the skirts: rock, from the surface's outlines in the borders down to rims of dark rock.
 *
 * @param depth quanta that rims lie below the ground, and below caves that other levels may have
 * @param reach samples from a tunnel's wall up to which another level may have it
 * @param margin columns around the chunk
 * @param originY quanta from row 0 to the positions' y = 0
 */
export function addSkirts(depth: f32, reach: f32, margin: i32, originY: f32): void {
    const cells = countX - 1 - 2 * margin;
    const rims = cells / RIM_CELLS + 1;
    const most = mostInABorder();
    rim = reserve(<usize>rims * RIM_BYTES);
    ends = reserve(<usize>(most + 1) * END_BYTES);
    // No more edges of upright lines than segments: each of those ends in one line at most.
    layoutSweep(most * 2 + rims, cells, ctz(wholeQuanta));
    for (let border = LOW_X; border <= HIGH_Z; border++) {
        addSkirt(border, cells, depth, reach, margin, originY);
    }
}

/** Returns how many segments the border with the most of them has. */
function mostInABorder(): i32 {
    let most = 0;
    for (let border = LOW_X; border <= HIGH_Z; border++) {
        let count = 0;
        for (let i = 0; i < skirtCount; i++) {
            count += load<i32>(segmentAt(i), SEGMENT_BORDER) === border ? 1 : 0;
        }
        most = max(most, count);
    }
    return most;
}

/** Adds the skirt in one border. */
function addSkirt(border: i32, cells: i32, depth: f32, reach: f32, margin: i32, originY: f32): void {
    const isX = border === LOW_X || border === HIGH_X;
    // Seen from outside, the axis along the border runs to the right on two of the four.
    const isTurned = border === LOW_X || border === HIGH_Z;
    const side = cells * wholeQuanta;
    beginOutline();
    endsEnd = ends;
    clearRim(cells);
    for (let i = 0; i < skirtCount; i++) {
        const segment = segmentAt(i);
        if (load<i32>(segment, SEGMENT_BORDER) !== border) {
            continue;
        }
        const first = load<i32>(segment);
        const second = load<i32>(segment, SEGMENT_END);
        const from = isTurned ? second : first;
        const to = isTurned ? first : second;
        const fromU = placeAlong(from, isX);
        const toU = placeAlong(to, isX);
        // Along the line where two borders meet rock ends by itself.
        if (fromU === toU && (fromU === 0 || fromU === side)) {
            continue;
        }
        const fromY = loadY(vertexAt(from));
        const toY = loadY(vertexAt(to));
        addOutline(keyOf(fromU, fromY), from, keyOf(toU, toY), to);
        meetRim(from, fromU, fromY);
        meetRim(to, toU, toY);
        meetEnd(from, fromU, fromY, side);
        meetEnd(to, toU, toY, side);
    }
    addRim(border, cells, depth, reach, margin, originY);
    addUpright(0, side);
    addUpright(side, side);
    coverRock();
    needIndices(<i32>((cornersEnd - corners) >> 2));
    for (let at = corners; at < cornersEnd; at += 12) {
        const a = load<i32>(at);
        const b = isTurned ? load<i32>(at, 8) : load<i32>(at, 4);
        const c = isTurned ? load<i32>(at, 4) : load<i32>(at, 8);
        const mapping = mappingOf(a);
        if (mapping !== mappingOf(b) || mapping !== mappingOf(c)) {
            addSplit(indexCount);
        }
        addTriangle(a, b, c);
    }
}

/** Returns how far along a border a vertex lies, in quanta. */
@inline
function placeAlong(vertex: i32, isX: bool): i32 {
    return isX ? loadZ(vertexAt(vertex)) : loadX(vertexAt(vertex));
}

/** Returns the address of a vertex of the rim. */
@inline
function rimAt(i: i32): usize {
    return rim + <usize>i * RIM_BYTES;
}

/** Forgets what the rim has met. */
function clearRim(cells: i32): void {
    for (let i = 0; i <= cells / RIM_CELLS; i++) {
        store<i32>(rimAt(i), i32.MAX_VALUE);
        store<i32>(rimAt(i), i32.MAX_VALUE, RIM_LOWEST);
        store<i32>(rimAt(i), i32.MIN_VALUE, RIM_HIGHEST);
    }
}

/** Tells the rim's vertices on both sides of a point of the outline how high that lies. */
@inline
function meetRim(vertex: i32, u: i32, y: i32): void {
    const width = RIM_CELLS * wholeQuanta;
    const first = u / width;
    meetRimVertex(rimAt(first), vertex, y);
    if (first * width !== u) {
        meetRimVertex(rimAt(first + 1), vertex, y);
    }
}

/** Tells a vertex of the rim how high a point of the outline lies. */
@inline
function meetRimVertex(at: usize, vertex: i32, y: i32): void {
    store<i32>(at, min(load<i32>(at, RIM_LOWEST), y), RIM_LOWEST);
    if (y > load<i32>(at, RIM_HIGHEST)) {
        store<i32>(at, y, RIM_HIGHEST);
        store<i32>(at, vertex, RIM_VERTEX);
    }
}

/** Lowers the rim to what the columns of a border ask for, makes its vertices, and adds it to the outline. */
function addRim(border: i32, cells: i32, depth: f32, reach: f32, margin: i32, originY: f32): void {
    const isX = border === LOW_X || border === HIGH_X;
    const isHigh = border === HIGH_X || border === HIGH_Z;
    turnToBorder(isX, isHigh, margin, reach);
    for (let i = 0; i <= cells; i++) {
        const y = <i32>floor(lowestAir(i) * quantaPerSample - originY - depth);
        // A rim runs straight from vertex to vertex: each is as low as any column up to the next asks for.
        lowerRim(i / RIM_CELLS, y);
        if (i % RIM_CELLS !== 0) {
            lowerRim(i / RIM_CELLS + 1, y);
        } else if (i > 0) {
            lowerRim(i / RIM_CELLS - 1, y);
            if (i < cells) {
                lowerRim(i / RIM_CELLS + 1, y);
            }
        } else {
            lowerRim(1, y);
        }
    }
    let before = 0;
    let keyBefore: u32 = 0;
    for (let i = 0; i <= cells / RIM_CELLS; i++) {
        const place = rimAt(i);
        const y = max(<i32>i16.MIN_VALUE, min(load<i32>(place), load<i32>(place, RIM_LOWEST) - 1));
        const u = i * RIM_CELLS * wholeQuanta;
        const vertex = copyVertex(load<i32>(place, RIM_VERTEX), FLAT);
        const to = vertexAt(vertex);
        storeY(to, y);
        if (isX) {
            storeZ(to, u);
        } else {
            storeX(to, u);
        }
        setUnitNormal(vertex, UP);
        storeNormal(to, 0x7f00);
        storeCaveWeight(to, 0xff);
        storeSkyWeight(to, 0);
        writeUv(vertex, FLAT);
        writeTangent(vertex, FLAT);
        const key = keyOf(u, y);
        if (i > 0) {
            addOutline(key, vertex, keyBefore, before);
        }
        store<i32>(place, y);
        store<i32>(place, vertex, RIM_VERTEX);
        before = vertex;
        keyBefore = key;
    }
}

/** Lowers a vertex of the rim to a height. */
@inline
function lowerRim(i: i32, y: i32): void {
    store<i32>(rimAt(i), min(load<i32>(rimAt(i)), y));
}

/** Notes a point of the outline that lies on the upright line at one of the border's ends. Those of low u come first. */
function meetEnd(vertex: i32, u: i32, y: i32, side: i32): void {
    if (u !== 0 && u !== side) {
        return;
    }
    const key = endKey(u, y, side);
    let at = ends;
    while (at < endsEnd && load<i32>(at) < key) {
        at += END_BYTES;
    }
    if (at === endsEnd || load<i32>(at) !== key) {
        memory.copy(at + END_BYTES, at, endsEnd - at);
        endsEnd += END_BYTES;
        store<i32>(at, key);
        store<i32>(at, vertex, END_VERTEX);
        store<i32>(at, 0, END_COUNT);
    }
    store<i32>(at, load<i32>(at, END_COUNT) + 1, END_COUNT);
}

/** Returns what points on the two upright lines are sorted by: their line first. */
@inline
function endKey(u: i32, y: i32, side: i32): i32 {
    return u === side ? y + 0x20000 : y;
}

/** Adds the edges of rock along the upright line at one of the border's ends: from the rim up, between points of the outline. */
function addUpright(u: i32, side: i32): void {
    const corner = rimAt(u / (RIM_CELLS * wholeQuanta));
    let before = load<i32>(corner, RIM_VERTEX);
    let keyBefore = keyOf(u, load<i32>(corner));
    let isRock = true;
    const lowest = endKey(u, i16.MIN_VALUE, side);
    for (let at = ends; at < endsEnd; at += END_BYTES) {
        const y = load<i32>(at) - lowest + i16.MIN_VALUE;
        if (y < i16.MIN_VALUE || y > i16.MAX_VALUE) {
            continue;
        }
        const vertex = load<i32>(at, END_VERTEX);
        const key = keyOf(u, y);
        if (isRock && u === 0) {
            addOutline(keyBefore, before, key, vertex);
        } else if (isRock) {
            addOutline(key, vertex, keyBefore, before);
        }
        isRock = isRock !== ((load<i32>(at, END_COUNT) & 1) === 1);
        before = vertex;
        keyBefore = key;
    }
}
