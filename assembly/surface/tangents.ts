// Tangents of cave walls and of the ground at their mouths, as MikkTSpace has them: the directions in which u grows on the
// triangles around a vertex, weighted by the triangles' angles there, laid into the plane of the vertex's normal. On smooth
// ground that is what the normal alone tells; where caves bend the surface the two part.
//
// Vertices in the chunk's border planes keep what their normal tells: their other triangles are a neighbour's, and both
// chunks must have the same.
//
// Four vertices at once: each vector holds one quantity of four.

import { reserve } from "../base/arena";
import { anyIsCave, joinsCaveToGround, vertexOf } from "./packedIndex";
import { loadCaveWeight, loadTangent, loadX, loadZ, storeFourTangents } from "./packedVertex";
import {
    hasTangentSum,
    indices,
    LINK_BYTES,
    linkAt,
    mappingOf,
    snorm8,
    tangentSumOf,
    unitNormalAt,
    vertexAt,
    vertexCount,
} from "./surface";
import { addFour, dot, endMarks, isFacingX, layoutMarks, marks, planesOf, tiny } from "./tangentSums";
import { firstLayer, groundEnd, groundStart, indicesInRuns, LAYER_BYTES, layersEnd, mouthStart } from "./triangleRuns";
import { side } from "./uvMapping";

/** u32: addresses of the first indices of triangles that count; later all vertices that have a sum. */
let list: usize = 0;
let listEnd: usize = 0;

/** Aligns the tangents of the surface that `meshVolume` and `addSkirts` have made. */
export function alignTangents(): void {
    layoutMarks();
    list = reserve((max(<usize>vertexCount * 2, <usize>indicesInRuns() / 3) + 4) << 2);
    listEnd = list;
    const end = layersEnd();
    let layer = firstLayer();
    let before = false;
    let here = layer < end && markMouths(layer);
    for (; layer < end; layer += LAYER_BYTES) {
        const next = layer + LAYER_BYTES;
        const behind = next < end && markMouths(next);
        // Ground is looked through only where some of it is marked: in this layer, or in one that shares a slice with it.
        const isNear = before || here || behind;
        listNear(indexPlace(mouthStart(layer)), indexPlace(isNear ? groundEnd(layer) : groundStart(layer)));
        before = here;
        here = behind;
    }
    // Whole fours: behind the last stands a triangle without an area, which adds nothing.
    for (let i: usize = 0; i < 4; i++) {
        store<u32>(listEnd + (i << 2), <u32>NOTHING);
    }
    for (let at = list; at < listEnd; at += 16) {
        addFour(load<u32>(at), load<u32>(at, 4), load<u32>(at, 8), load<u32>(at, 12));
    }
    finishVertices();
    endMarks();
}

/** Returns the address of index i. */
@inline
function indexPlace(i: u32): usize {
    return indices + (<usize>i << 2);
}

/** Marks ground that a triangle of a layer's mouths joins to a cave. Returns whether there is any. */
function markMouths(layer: usize): bool {
    const from = indexPlace(mouthStart(layer));
    const end = indexPlace(groundStart(layer));
    let isAny = false;
    for (let at = from; at < end; at += 12) {
        const a = load<u32>(at);
        const b = load<u32>(at, 4);
        const c = load<u32>(at, 8);
        if (joinsCaveToGround(a, b, c)) {
            store<u8>(marks + <usize>vertexOf(a), 1);
            store<u8>(marks + <usize>vertexOf(b), 1);
            store<u8>(marks + <usize>vertexOf(c), 1);
            isAny = true;
        }
    }
    return isAny;
}

/** Returns whether the vertex of an index is marked, as 0 or 1. */
@inline
function markOf(index: u32): u32 {
    return load<u8>(marks + <usize>vertexOf(index));
}

/** Lists the triangles of a run that have a vertex on a cave's wall, or on ground that is marked. */
function listNear(from: usize, end: usize): void {
    let to = listEnd;
    for (let at = from; at < end; at += 12) {
        const a = load<u32>(at);
        const b = load<u32>(at, 4);
        const c = load<u32>(at, 8);
        const marked = markOf(a) | markOf(b) | markOf(c);
        store<u32>(to, <u32>at);
        to += <usize>(marked | anyIsCave(a, b, c)) << 2;
    }
    listEnd = to;
}

/** Adds the triangles of a run whose vertices all lie on caves' walls, while they are in the processor's cache. */
export function addCaveRun(from: i32, end: i32): void {
    const last = indices + (<usize>end << 2);
    let at = indices + (<usize>from << 2);
    for (; at + 48 <= last; at += 48) {
        addFour(at, at + 12, at + 24, at + 36);
    }
    if (at < last) {
        addFour(at, at + 12 < last ? at + 12 : NOTHING, at + 24 < last ? at + 24 : NOTHING, NOTHING);
    }
}

/** Indices of a triangle whose corners are all the first vertex. */
const NOTHING: usize = memory.data<u32>([0, 0, 0, 0]);

/** Turns the sums into tangents. */
function finishVertices(): void {
    const end = vertexCount;
    let to = list;
    let link = linkAt(0);
    for (let vertex = 0; vertex < end; vertex++, link += LINK_BYTES) {
        store<u32>(to, vertex);
        to += <usize>hasTangentSum(link) << 2;
    }
    if (to === list) {
        return;
    }
    // Whole fours: the last vertex once more changes nothing.
    for (let i: usize = 0; i < 3; i++) {
        store<u32>(to + (i << 2), load<u32>(to - 4));
    }
    for (let four = list; four < to; four += 16) {
        finishFour(load<u32>(four), load<u32>(four, 4), load<u32>(four, 8), load<u32>(four, 12));
    }
}

/** Lays the sums of four vertices into the planes of their normals, and packs them. */
@inline
function finishFour(p: i32, q: i32, r: i32, s: i32): void {
    const atP = vertexAt(p);
    const atQ = vertexAt(q);
    const atR = vertexAt(r);
    const atS = vertexAt(s);
    const low = v128.shuffle<i32>(tangentSumOf(p), tangentSumOf(q), 0, 4, 1, 5);
    const high = v128.shuffle<i32>(tangentSumOf(r), tangentSumOf(s), 0, 4, 1, 5);
    const u = v128.shuffle<i64>(low, high, 0, 2);
    const f = v128.shuffle<i64>(low, high, 1, 3);
    const plane = planesOf(i32x4(mappingOf(p), mappingOf(q), mappingOf(r), mappingOf(s)));
    const isX = isFacingX(plane);
    const isFlat = i32x4.eq(plane, i32x4.splat(0));
    const x = v128.bitselect(f, u, isX);
    const y = v128.and(f, isFlat);
    const z = v128.bitselect(u, v128.andnot(f, isFlat), isX);

    const n01 = v128.shuffle<f32>(v128.load(unitNormalAt(p)), v128.load(unitNormalAt(q)), 0, 4, 1, 5);
    const n23 = v128.shuffle<f32>(v128.load(unitNormalAt(r)), v128.load(unitNormalAt(s)), 0, 4, 1, 5);
    const nx = v128.shuffle<f64>(n01, n23, 0, 2);
    const ny = v128.shuffle<f64>(n01, n23, 1, 3);
    const nz = v128.shuffle<f32>(
        v128.shuffle<f32>(v128.load(unitNormalAt(p)), v128.load(unitNormalAt(q)), 2, 6, 3, 7),
        v128.shuffle<f32>(v128.load(unitNormalAt(r)), v128.load(unitNormalAt(s)), 2, 6, 3, 7),
        0,
        1,
        4,
        5,
    );
    const out = dot(x, y, z, nx, ny, nz);
    const tx = f32x4.sub(x, f32x4.mul(nx, out));
    const ty = f32x4.sub(y, f32x4.mul(ny, out));
    const tz = f32x4.sub(z, f32x4.mul(nz, out));
    const square = dot(tx, ty, tz, tx, ty, tz);
    const length = f32x4.sqrt(square);
    const packed = v128.or(
        v128.or(snorm8(f32x4.div(tx, length), 0), snorm8(f32x4.div(ty, length), 8)),
        snorm8(f32x4.div(tz, length), 16),
    );
    const isNew = v128.and(
        f32x4.gt(square, tiny()),
        i32x4(isOwn(p, atP), isOwn(q, atQ), isOwn(r, atR), isOwn(s, atS)),
    );
    const old = i32x4(
        loadTangent(atP),
        loadTangent(atQ),
        loadTangent(atR),
        loadTangent(atS),
    );
    const tangent = v128.bitselect(packed, old, v128.and(isNew, i32x4.splat(0xffffff)));
    storeFourTangents(atP, atQ, atR, atS, tangent);
}

/** Returns -1 where all triangles of a vertex are in its sum, else 0. */
@inline
function isOwn(vertex: i32, at: usize): i32 {
    const isInside = <u32>(loadX(at) - 1) < <u32>(side - 1) && <u32>(loadZ(at) - 1) < <u32>(side - 1);
    return isInside && (loadCaveWeight(at) | load<u8>(marks + <usize>vertex)) !== 0 ? -1 : 0;
}
