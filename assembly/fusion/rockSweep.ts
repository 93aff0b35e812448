// Covers the rock in a border plane with triangles that have no corners but those of its outline.
//
// Source: Hertel and Mehlhorn, Fast triangulation of simple polygons, 1983. A line sweeps over the plane from left to right, and
// keeps the edges that it crosses, from the lowest up; rock and air take turns between them. Of each stretch of rock a part is
// covered already: up to a chain of points from one edge's left end to the other's, which bulges to the right. A new point sees
// those next to an end of its chain, and gets triangles with them.
//
// A place is a key: u in its high half, y in its low half. Keys grow as the line goes: what lies upright leans a little to the right.

import { reserve } from "../base/arena";

/** An edge of the outline. */
@unmanaged
class Edge {
    /** Keys of its ends. */
    left: u32;
    right: u32;
    leftVertex: i32;
    rightVertex: i32;
    isRockAbove: bool;
    /** Of the chain in the rock above: the lowest link, the highest, and that farthest to the right, which any later point sees. */
    lowest: usize;
    highest: usize;
    foremost: usize;
}

/** A point of a chain, and its neighbours; 0 for none. */
@unmanaged
class Link {
    key: u32;
    vertex: i32;
    lower: usize;
    upper: usize;
}

/** Links made for each edge at most: at both its ends one for each of two chains, one more where it begins or splits a chain. */
const LINKS_AN_EDGE: usize = 10;

let edges: usize = 0;
let edgeCount: i32 = 0;
/** u64 an end of an edge: its key, then the edge's number, then 1 where it is the right end. */
let ends: usize = 0;
let otherEnds: usize = 0;
/** u32: addresses of the edges that the line crosses, from the lowest up. */
let status: usize = 0;
/** u32 a column of samples: where the next of its ends is put. */
let columns: usize = 0;
let columnBytes: usize = 0;
let columnShift: i32 = 0;
let crossed: i32 = 0;
let links: usize = 0;
let linksEnd: usize = 0;
/** i32: vertices of triangles, three each, counter-clockwise where u runs to the right and y upwards. */
export let corners: usize = 0;
export let cornersEnd: usize = 0;
/** What lies above the present point: its chain is on its way from one edge to another. */
const above: usize = memory.data(offsetof<Edge>(), 16);

/**
 * Makes room for outlines.
 *
 * @param cells columns of samples that they span, each `cellBits` bits wide
 */
export function layoutSweep(mostEdges: i32, cells: i32, cellBits: i32): void {
    const most = <usize>mostEdges;
    columnBytes = <usize>(cells + 1) << 2;
    columns = reserve(columnBytes);
    // Of a key u is the high half.
    columnShift = cellBits + 16;
    edges = reserve(offsetof<Edge>() * most);
    ends = reserve(most << 4);
    otherEnds = reserve(most << 4);
    status = reserve(most << 2);
    links = reserve(offsetof<Link>() * LINKS_AN_EDGE * most);
    // No link is covered twice.
    corners = reserve(LINKS_AN_EDGE * most * 12);
}

/** Begins an outline. */
export function beginOutline(): void {
    edgeCount = 0;
    crossed = 0;
    linksEnd = links;
    cornersEnd = corners;
}

/** Returns the key of a place. */
@inline
export function keyOf(u: i32, y: i32): u32 {
    return (<u32>u << 16) | <u32>(y - i16.MIN_VALUE);
}

/** Adds an edge of the outline, from one key and vertex to another. Rock lies to its right, where u runs to the right. */
export function addOutline(from: u32, fromVertex: i32, to: u32, toVertex: i32): void {
    if (from === to) {
        return;
    }
    const edge = edgeAt(edgeCount);
    const isRockAbove = from > to;
    edge.isRockAbove = isRockAbove;
    edge.left = isRockAbove ? to : from;
    edge.right = isRockAbove ? from : to;
    edge.leftVertex = isRockAbove ? toVertex : fromVertex;
    edge.rightVertex = isRockAbove ? fromVertex : toVertex;
    const place = ends + (<usize>edgeCount << 4);
    const number = <u64>edgeCount << 1;
    store<u64>(place, (<u64>edge.left << 32) | number);
    store<u64>(place, (<u64>edge.right << 32) | number | 1, 8);
    edgeCount++;
}

/** Covers the rock within the outline, which must be closed. Its edges may touch, but not cross. See `corners`. */
export function coverRock(): void {
    sortEnds();
    const last = ends + (<usize>edgeCount << 4);
    for (let at = ends; at < last;) {
        const key = <u32>(load<u64>(at) >> 32);
        let end = at;
        let beginning = 0;
        for (; end < last && <u32>(load<u64>(end) >> 32) === key; end += 8) {
            beginning += isRightEnd(end) ? 0 : 1;
        }
        const edge = edgeOfEnd(at);
        meet(key, isRightEnd(at) ? edge.rightVertex : edge.leftVertex, at, beginning);
        at = end;
    }
}

/** Returns an edge by its number. */
@inline
function edgeAt(i: i32): Edge {
    return changetype<Edge>(edges + <usize>i * offsetof<Edge>());
}

/** Returns whether an entry of `ends` is its edge's right end. */
@inline
function isRightEnd(end: usize): bool {
    return (load<u32>(end) & 1) !== 0;
}

/** Returns the edge of an entry of `ends`. */
@inline
function edgeOfEnd(end: usize): Edge {
    return edgeAt(<i32>(load<u32>(end) >> 1));
}

/** Returns the place in `status` of the edge that the line crosses as number i from below. */
@inline
function statusPlace(i: i32): usize {
    return status + (<usize>i << 2);
}

/** Returns an edge that the line crosses. */
@inline
function crossedEdge(i: i32): Edge {
    return changetype<Edge>(<usize>load<u32>(statusPlace(i)));
}

/** Sorts `ends`: first by the columns that they lie in, then the few of each by insertion. */
function sortEnds(): void {
    const last = ends + (<usize>edgeCount << 4);
    memory.fill(columns, 0, columnBytes);
    for (let at = ends; at < last; at += 8) {
        const column = columnOf(at);
        store<u32>(column, load<u32>(column) + 8);
    }
    let place = otherEnds;
    for (let column = columns; column < columns + columnBytes; column += 4) {
        const bytes = load<u32>(column);
        store<u32>(column, <u32>place);
        place += bytes;
    }
    for (let at = ends; at < last; at += 8) {
        const column = columnOf(at);
        const to = <usize>load<u32>(column);
        store<u64>(to, load<u64>(at));
        store<u32>(column, <u32>to + 8);
    }
    const filled = otherEnds;
    otherEnds = ends;
    ends = filled;
    const end = ends + (<usize>edgeCount << 4);
    for (let at = ends + 8; at < end; at += 8) {
        const value = load<u64>(at);
        let to = at;
        for (; to > ends && load<u64>(to - 8) > value; to -= 8) {
            store<u64>(to, load<u64>(to - 8));
        }
        store<u64>(to, value);
    }
}

/** Returns the entry of `columns` that an entry of `ends` belongs to. */
@inline
function columnOf(end: usize): usize {
    return columns + (<usize>(load<u32>(end, 4) >> columnShift) << 2);
}

/**
 * Lets the line meet a point.
 *
 * @param from its entries in `ends`, of which those of right ends come anywhere
 * @param beginning how many edges begin there
 */
function meet(key: u32, vertex: i32, from: usize, beginning: i32): void {
    let first = 0;
    while (first < crossed && isBelow(crossedEdge(first), key)) {
        first++;
    }
    let end = first;
    while (end < crossed && crossedEdge(end).right === key) {
        end++;
    }
    if (end === first && beginning === 0) {
        return;
    }
    const isOverEdge = first > 0;
    const below = isOverEdge ? crossedEdge(first - 1) : changetype<Edge>(above);
    const isOverRock = isOverEdge && below.isRockAbove;
    let isUnderRock = isOverRock;
    if (end > first) {
        if (isOverRock) {
            addAbove(below, key, vertex);
        }
        for (let i = first; i < end; i++) {
            const edge = crossedEdge(i);
            isUnderRock = edge.isRockAbove;
            if (isUnderRock) {
                addBelow(edge, key, vertex);
                if (i < end - 1) {
                    addAbove(edge, key, vertex);
                } else {
                    moveChain(edge, changetype<Edge>(above));
                }
            }
        }
    } else if (isOverRock && beginning > 0) {
        splitChain(below, key, vertex);
    }
    memory.copy(statusPlace(first + beginning), statusPlace(end), <usize>(crossed - end) << 2);
    crossed += beginning - (end - first);
    if (beginning === 0) {
        if (isOverRock && isUnderRock) {
            joinChains(below);
        }
        return;
    }
    listBeginning(first, beginning, from, isOverRock);
    for (let i = first; i < first + beginning; i++) {
        const edge = crossedEdge(i);
        if (!edge.isRockAbove) {
            continue;
        }
        if (i === first + beginning - 1 && isUnderRock) {
            moveChain(changetype<Edge>(above), edge);
        } else {
            const link = newLink(key, vertex, 0, 0);
            edge.lowest = link;
            edge.highest = link;
            edge.foremost = link;
        }
    }
}

/** Lists the edges that begin at a point from the lowest up, from place `first` of `status` on. */
function listBeginning(first: i32, count: i32, from: usize, isOverRock: bool): void {
    for (let found = 0; found < count; from += 8) {
        if (isRightEnd(from)) {
            continue;
        }
        const edge = edgeOfEnd(from);
        let to = first + found;
        for (; to > first && turn(edge.left, edge.right, crossedEdge(to - 1).right) > 0; to--) {
            store<u32>(statusPlace(to), load<u32>(statusPlace(to - 1)));
        }
        store<u32>(statusPlace(to), <u32>changetype<usize>(edge));
        found++;
    }
    // Of edges that rounding has laid on one another the order is that in which rock and air take turns.
    let isRock = isOverRock;
    for (let i = first; i < first + count; i++) {
        const edge = crossedEdge(i);
        if (edge.isRockAbove === isRock && i < first + count - 1) {
            const next = crossedEdge(i + 1);
            if (turn(edge.left, edge.right, next.right) === 0) {
                store<u32>(statusPlace(i), <u32>changetype<usize>(next));
                store<u32>(statusPlace(i + 1), <u32>changetype<usize>(edge));
            }
        }
        isRock = crossedEdge(i).isRockAbove;
    }
}

/** Returns whether an edge passes below a point. One that ends there does not. */
@inline
function isBelow(edge: Edge, key: u32): bool {
    return edge.right !== key && turn(edge.left, edge.right, key) > 0;
}

/** Returns more than 0 where the way from a over b to c turns to the left. No product exceeds 2^30. */
@inline
function turn(a: u32, b: u32, c: u32): i32 {
    const au = <i32>(a >> 16);
    const ay = <i32>(a & 0xffff);
    return (<i32>(b >> 16) - au) * (<i32>(c & 0xffff) - ay) - (<i32>(b & 0xffff) - ay) * (<i32>(c >> 16) - au);
}

/** Makes a link. */
@inline
function newLink(key: u32, vertex: i32, lower: usize, upper: usize): usize {
    const at = linksEnd;
    const link = changetype<Link>(at);
    link.key = key;
    link.vertex = vertex;
    link.lower = lower;
    link.upper = upper;
    linksEnd += offsetof<Link>();
    return at;
}

/** Keeps a triangle. */
@inline
function addCorners(a: i32, b: i32, c: i32): void {
    store<i32>(cornersEnd, a);
    store<i32>(cornersEnd, b, 4);
    store<i32>(cornersEnd, c, 8);
    cornersEnd += 12;
}

/** Adds a point to the upper end of an edge's chain, and triangles with those below that it sees. */
function addAbove(edge: Edge, key: u32, vertex: i32): void {
    let at = edge.highest;
    let link = changetype<Link>(at);
    while (link.lower !== 0) {
        const lower = changetype<Link>(link.lower);
        if (turn(lower.key, link.key, key) >= 0) {
            break;
        }
        addCorners(lower.vertex, vertex, link.vertex);
        at = link.lower;
        link = lower;
    }
    const added = newLink(key, vertex, at, 0);
    link.upper = added;
    edge.highest = added;
    edge.foremost = added;
}

/** Adds a point to the lower end of an edge's chain, and triangles with those above that it sees. */
function addBelow(edge: Edge, key: u32, vertex: i32): void {
    let at = edge.lowest;
    let link = changetype<Link>(at);
    while (link.upper !== 0) {
        const upper = changetype<Link>(link.upper);
        if (turn(upper.key, link.key, key) <= 0) {
            break;
        }
        addCorners(upper.vertex, link.vertex, vertex);
        at = link.upper;
        link = upper;
    }
    const added = newLink(key, vertex, 0, at);
    link.lower = added;
    edge.lowest = added;
    edge.foremost = added;
}

/** Splits an edge's chain at its foremost point, where an outline begins within the rock. The upper part goes `above`. */
function splitChain(edge: Edge, key: u32, vertex: i32): void {
    const at = edge.foremost;
    const foremost = changetype<Link>(at);
    const twin = newLink(foremost.key, foremost.vertex, 0, foremost.upper);
    if (foremost.upper !== 0) {
        changetype<Link>(foremost.upper).lower = twin;
    }
    const upper = changetype<Edge>(above);
    upper.lowest = twin;
    upper.highest = edge.highest === at ? twin : edge.highest;
    foremost.upper = 0;
    edge.highest = at;
    addAbove(edge, key, vertex);
    addBelow(upper, key, vertex);
}

/** Joins an edge's chain with that `above`, at the point that both have got last. */
function joinChains(edge: Edge): void {
    const upper = changetype<Edge>(above);
    const shared = changetype<Link>(edge.highest);
    shared.upper = changetype<Link>(upper.lowest).upper;
    edge.foremost = edge.highest;
    if (shared.upper !== 0) {
        changetype<Link>(shared.upper).lower = edge.highest;
        edge.highest = upper.highest;
    }
}

/** Gives an edge's chain to another. */
@inline
function moveChain(from: Edge, to: Edge): void {
    to.lowest = from.lowest;
    to.highest = from.highest;
    to.foremost = from.foremost;
}
