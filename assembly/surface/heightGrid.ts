// The surface of a chunk without caves: its height grid, four vertices at a time, skirts, and walls. Triangles are shared by
// all such chunks, so none are written.
//
// A level that is too coarse for caves ends the tunnels and pits of finer neighbours at its border. Through them one would look
// under its ground, where nothing is drawn: so it hangs walls of cave rock there, as deep as caves go, which face outwards.

import { reserve } from "../base/arena";
import { roundToInt } from "../base/simd";
import { countX, lineBytes, macroPlane, MOISTURE, quanta, RELIEF, smooth } from "../heightfield/grid";
import {
    loadPosition,
    loadRecord,
    loadY,
    storeCaveWeight,
    storeFourPositions,
    storeFourRecords,
    storeNormal,
    storePosition,
    storeRecord,
    storeSkyWeight,
    storeY,
    VERTEX_BYTES,
} from "./packedVertex";
import {
    copyVertex,
    layoutSurface,
    needVertices,
    setUnitNormal,
    setVertexCount,
    snorm8,
    unorm8,
    vertexAt,
} from "./surface";
import { FACING_X, FACING_Z, FLAT, setSide, shiftOf, writeTangent, writeUv } from "./uvMapping";

/** i32 over the columns of a line: x in quanta, and uv. */
let positions: usize = 0;
let uvs: usize = 0;

/**
 * Writes a chunk's vertices: the surface line by line (z outer), then the skirts' lower rims: low z, high z, low x, high x;
 * where there are walls, then their lower rims.
 *
 * @param margin columns of the grid around the chunk
 * @param step quanta a sample
 * @param base quanta: height of positions' y = 0
 * @param drop quanta that skirts reach down
 * @param slopeScale 1 / (two samples in metres)
 * @param wall quanta that walls reach below the border; 0 for walls without area, less for none
 */
export function meshHeightGrid(margin: i32, step: i32, base: f32, drop: i32, slopeScale: f32, wall: i32): void {
    const side = countX - 2 * margin;
    positions = reserve(<usize>(side + 4) << 2);
    uvs = reserve(<usize>(side + 4) << 2);
    for (let i = 0; i < side; i++) {
        store<i32>(positions + (<usize>i << 2), i * step);
        store<i32>(uvs + (<usize>i << 2), <i32>nearest(<f32>i * (<f32>65_535 / <f32>(side - 1))));
    }
    layoutSurface();
    needVertices(side * side + 8 * side);
    for (let z = 0; z < side; z++) {
        const line = <usize>(z + margin) * lineBytes + (<usize>margin << 2);
        const z4 = i32x4.splat(load<i32>(positions + (<usize>z << 2)) & 0xffff);
        const v4 = i32x4.splat(load<i32>(uvs + (<usize>z << 2)) << 16);
        const to = vertexAt(z * side);
        // The last four overlap those before: a line is one vertex longer than a multiple of four.
        for (let x = 0; x < side; x += 4) {
            const first = min(x, side - 4);
            writeFour(line + (<usize>first << 2), first, z4, v4, base, slopeScale, to + <usize>first * VERTEX_BYTES);
        }
    }
    // Over walls skirts are short: just as far as ground turns to rock.
    const reach = wall > 0 ? min(drop, step) : drop;
    let rim = vertexAt(side * side);
    for (let skirt = 0; skirt < 4; skirt++) {
        for (let i = 0; i < side; i++) {
            const above = skirt === 0 ? i : skirt === 1 ? (side - 1) * side + i : skirt === 2 ? i * side : i * side + side - 1;
            const from = vertexAt(above);
            storePosition(rim, loadPosition(from));
            storeRecord(rim, loadRecord(from));
            storeY(rim, loadY(from) - reach);
            rim += VERTEX_BYTES;
        }
    }
    setVertexCount(side * side + 4 * side);
    if (wall >= 0) {
        setSide(<f32>((side - 1) * step));
        for (let i = 0; i < 4 * side; i++) {
            addWall(side * side + i, i / side, wall > 0 ? wall - reach : 0);
        }
    }
}

/**
 * Hangs a vertex of a wall's lower rim from one of a skirt, and makes cave rock of both.
 *
 * @param depth quanta between them
 */
function addWall(upper: i32, skirt: i32, depth: i32): void {
    const y = loadY(vertexAt(upper)) - depth;
    const isX = skirt >= 2;
    const mapping = depth === 0 ? FLAT : (isX ? FACING_X : FACING_Z) | shiftOf(<f32>y);
    const lower = copyVertex(upper, mapping);
    storeY(vertexAt(lower), y);
    if (depth > 0) {
        const out: f32 = (skirt & 1) === 0 ? -1 : 1;
        makeRock(upper, mapping, isX, out);
        makeRock(lower, mapping, isX, out);
    }
}

/**
 * Makes a vertex one of dark cave rock that faces outwards: where it shows, it ends a tunnel.
 *
 * @param out 1 or -1: where it faces along its axis
 */
function makeRock(vertex: i32, mapping: u32, isX: bool, out: f32): void {
    const at = vertexAt(vertex);
    setUnitNormal(vertex, isX ? f32x4(out, 0, 0, 0) : f32x4(0, 0, out, 0));
    const byte: u32 = out < 0 ? 0x81 : 0x7f;
    storeNormal(at, isX ? byte : byte << 16);
    storeCaveWeight(at, 0xff);
    storeSkyWeight(at, 0);
    writeUv(vertex, mapping);
    writeTangent(vertex, mapping);
}

/** Writes four vertices of the surface. */
function writeFour(at: usize, x: i32, z4: v128, v4: v128, base: f32, slopeScale: f32, to: usize): void {
    const height = f32x4.sub(v128.load(quanta + at), f32x4.splat(base));
    const y = i32x4.shl(roundToInt(height), 16);
    const xy = v128.or(v128.and(v128.load(positions + (<usize>x << 2)), i32x4.splat(0xffff)), y);

    const scale = f32x4.splat(-slopeScale);
    const samples = smooth + at;
    const slopeX = f32x4.mul(f32x4.sub(v128.load(samples + 4), v128.load(samples - 4)), scale);
    const slopeZ = f32x4.mul(f32x4.sub(v128.load(samples + lineBytes), v128.load(samples - lineBytes)), scale);
    const one = f32x4.splat(1);
    const squareX = f32x4.add(f32x4.mul(slopeX, slopeX), one);
    const ny = f32x4.div(one, f32x4.sqrt(f32x4.add(squareX, f32x4.mul(slopeZ, slopeZ))));
    const normal = v128.or(
        v128.or(snorm8(f32x4.mul(slopeX, ny), 0), snorm8(ny, 8)),
        snorm8(f32x4.mul(slopeZ, ny), 16),
    );
    // Along the surface where z is constant: see uvMapping.ts. v grows against cross(normal, tangent).
    const tx = f32x4.div(one, f32x4.sqrt(squareX));
    const turned = i32x4.splat(0x81 << 24);
    const tangent = v128.or(
        v128.or(snorm8(tx, 0), snorm8(f32x4.neg(f32x4.mul(slopeX, tx)), 8)),
        turned,
    );
    const uv = v128.or(v128.load(uvs + (<usize>x << 2)), v4);
    const weights = v128.or(
        v128.or(unorm8(v128.load(macroPlane(RELIEF) + at)), i32x4.shl(unorm8(v128.load(macroPlane(MOISTURE) + at)), 8)),
        i32x4.splat(0xff << 24),
    );
    storeFourPositions(to, xy, z4);
    storeFourRecords(to, normal, tangent, uv, weights);
}
