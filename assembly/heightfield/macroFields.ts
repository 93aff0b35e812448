// Macro fields between their nodes: a cubic spline, first across node lines, then along them. On flat worlds it is the uniform
// B-spline, which has no creases even in its second derivative. On planets it is the Catmull-Rom spline, which passes through
// its nodes: faces share those of an edge, and only those, so that samples of the edge agree. Test oracle:
// test/oracle/macroSpline.ts.

import { reserve } from "../base/arena";
import { AMPLITUDE, BASE, countX, countZ, lineBytes, MACRO_CHANNELS, macroPlanes, planeBytes } from "./grid";

/** f32 x 4: four weights for each vector of samples along x; and for each sample its first node. */
let weights: usize = 0;
let nodeOf: usize = 0;
/** One line of nodes, blended across z, channel by channel. */
let blended: usize = 0;

// What `fillMacro` was given: slopes are asked for later, line by line.
let nodesAt: usize = 0;
let nodeBytesOfChannel: usize = 0;
let firstNodeX: f64 = 0;
let firstNodeZ: f64 = 0;
let nodeStep: f64 = 0;
let isThroughNodes: bool = false;

/** Returns weight `k` of the spline at t in [0, 1). On a node the Catmull-Rom spline's are 0, 1, 0, 0, and none is -0. */
function splineWeight(k: i32, t: f64): f32 {
    const s = 1 - t;
    if (isThroughNodes) {
        switch (k) {
            case 0:
                return <f32>(0 - 0.5 * t * s * s);
            case 1:
                return <f32>(1 + t * t * (1.5 * t - 2.5));
            case 2:
                return <f32>(t * (0.5 + t * (2 - 1.5 * t)));
            default:
                return <f32>(0 - 0.5 * t * t * s);
        }
    }
    switch (k) {
        case 0:
            return <f32>((s * s * s) / 6);
        case 1:
            return <f32>((4 - 6 * t * t + 3 * t * t * t) / 6);
        case 2:
            return <f32>((4 - 6 * s * s + 3 * s * s * s) / 6);
        default:
            return <f32>((t * t * t) / 6);
    }
}

/**
 * Fills the macro fields of the grid, interpolating between their nodes.
 *
 * @param nodes f32, [node z][channel][node x]: from one node before the first sample's to two behind the last sample's
 * @param nodeStride floats from one channel's line of nodes to the next, a multiple of 4
 * @param x, z the first sample in nodes, less the first node's own number: in [1, 2)
 * @param step nodes between samples, a power of two
 * @param throughNodes whether by the spline of planets
 */
export function fillMacro(nodes: usize, nodeStride: i32, x: f64, z: f64, step: f64, throughNodes: bool): void {
    isThroughNodes = throughNodes;
    nodesAt = nodes;
    nodeBytesOfChannel = <usize>nodeStride << 2;
    firstNodeX = x;
    firstNodeZ = z;
    nodeStep = step;
    weights = reserve(lineBytes * 4);
    nodeOf = reserve(lineBytes);
    const blendedBytes = <usize>(nodeStride * MACRO_CHANNELS) << 2;
    // Vectors of four nodes are read from the last nodes on, too.
    blended = reserve(blendedBytes + 16);
    const padded = <i32>(lineBytes >> 2);
    for (let i = 0; i < padded; i++) {
        // What pads a line repeats its last sample, so that no node behind the last is asked for.
        const at = x + <f64>min(i, countX - 1) * step;
        const node = floor(at);
        for (let k = 0; k < 4; k++) {
            store<f32>(weights + (<usize>(i & ~3) << 4) + (<usize>k << 4) + (<usize>(i & 3) << 2), splineWeight(k, at - node));
        }
        store<i32>(nodeOf + (<usize>i << 2), (<i32>node - 1) << 2);
    }
    for (let line = 0; line < countZ; line++) {
        const at = z + <f64>line * step;
        const node = floor(at);
        blendLines(nodes + <usize>(<i32>node - 1) * blendedBytes, blendedBytes, at - node, blended);
        fillLine(macroPlanes + <usize>line * lineBytes, <usize>nodeStride << 2);
    }
}

/**
 * Fills samples of the grid that lie beyond a face's border, from nodes of the neighbour's chart and to the last bit as the
 * neighbour does. Call `fillMacro` first.
 *
 * @param nodes see `fillMacro`; of the neighbour's chart, as are x, z and step
 * @param samplesX, samplesZ how many, in the neighbour's sense
 * @param to index of the first one in the grid, in floats from the first sample's
 * @param strideX, strideZ floats in the grid to the next one in the neighbour's sense, which may be less than 0
 */
export function fillMacroStrip(
    nodes: usize,
    nodeStride: i32,
    x: f64,
    z: f64,
    step: f64,
    samplesX: i32,
    samplesZ: i32,
    to: i32,
    strideX: i32,
    strideZ: i32,
): void {
    const nodeBytes = <usize>nodeStride << 2;
    const lineOfNodes = nodeBytes * <usize>MACRO_CHANNELS;
    const line = reserve(lineOfNodes);
    for (let k = 0; k < samplesZ; k++) {
        const atZ = z + <f64>k * step;
        const nodeZ = floor(atZ);
        blendLines(nodes + <usize>(<i32>nodeZ - 1) * lineOfNodes, lineOfNodes, atZ - nodeZ, line);
        for (let i = 0; i < samplesX; i++) {
            const atX = x + <f64>i * step;
            const nodeX = floor(atX);
            const t = atX - nodeX;
            const w0 = splineWeight(0, t);
            const w1 = splineWeight(1, t);
            const w2 = splineWeight(2, t);
            const w3 = splineWeight(3, t);
            let node = line + (<usize>(<i32>nodeX - 1) << 2);
            let at = macroPlanes + (<usize>(to + i * strideX + k * strideZ) << 2);
            for (let channel = 0; channel < MACRO_CHANNELS; channel++, node += nodeBytes, at += planeBytes) {
                const near = w0 * load<f32>(node) + w1 * load<f32>(node, 4);
                const far = w2 * load<f32>(node, 8) + w3 * load<f32>(node, 12);
                store<f32>(at, near + far);
            }
        }
    }
}

/** Blends four lines of nodes into one. */
function blendLines(lines: usize, bytes: usize, t: f64, to: usize): void {
    const a = f32x4.splat(splineWeight(0, t));
    const b = f32x4.splat(splineWeight(1, t));
    const c = f32x4.splat(splineWeight(2, t));
    const d = f32x4.splat(splineWeight(3, t));
    for (let at: usize = 0; at < bytes; at += 16) {
        const line = lines + at;
        const near = f32x4.add(f32x4.mul(a, v128.load(line)), f32x4.mul(b, v128.load(line + bytes)));
        const far = f32x4.add(f32x4.mul(c, v128.load(line + bytes * 2)), f32x4.mul(d, v128.load(line + bytes * 3)));
        v128.store(to + at, f32x4.add(near, far));
    }
}

/**
 * Fills a line of all channels.
 *
 * @param nodeBytes from a channel's blended nodes to the next one's
 */
function fillLine(line: usize, nodeBytes: usize): void {
    const end = <usize>MACRO_CHANNELS * planeBytes;
    let table = weights;
    for (let at: usize = 0; at < lineBytes; at += 16, table += 64) {
        const w0 = v128.load(table);
        const w1 = v128.load(table, 16);
        const w2 = v128.load(table, 32);
        const w3 = v128.load(table, 48);
        const first = load<i32>(nodeOf + at);
        let node = blended + first;
        if (first === load<i32>(nodeOf + at, 12)) {
            for (let to = line + at, last = to + end; to < last; to += planeBytes, node += nodeBytes) {
                const near = f32x4.add(f32x4.mul(w0, v128.load32_splat(node)), f32x4.mul(w1, v128.load32_splat(node, 4)));
                const far = f32x4.add(f32x4.mul(w2, v128.load32_splat(node, 8)), f32x4.mul(w3, v128.load32_splat(node, 12)));
                v128.store(to, f32x4.add(near, far));
            }
            continue;
        }
        // On coarse levels neighbours lie nodes apart: each lane has four nodes of its own.
        const second = load<i32>(nodeOf + at, 4) - first;
        const third = load<i32>(nodeOf + at, 8) - first;
        const fourth = load<i32>(nodeOf + at, 12) - first;
        for (let to = line + at, last = to + end; to < last; to += planeBytes, node += nodeBytes) {
            const a = v128.load(node);
            const b = v128.load(node + second);
            const c = v128.load(node + third);
            const d = v128.load(node + fourth);
            const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
            const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
            const abHigh = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
            const cdHigh = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
            const p0 = v128.shuffle<f64>(ab, cd, 0, 2);
            const p1 = v128.shuffle<f64>(ab, cd, 1, 3);
            const p2 = v128.shuffle<f64>(abHigh, cdHigh, 0, 2);
            const p3 = v128.shuffle<f64>(abHigh, cdHigh, 1, 3);
            const near = f32x4.add(f32x4.mul(w0, p0), f32x4.mul(w1, p1));
            const far = f32x4.add(f32x4.mul(w2, p2), f32x4.mul(w3, p3));
            v128.store(to, f32x4.add(near, far));
        }
    }
}

/** Channels whose slopes there are, the first ones: base and amplitude. */
const SLOPE_CHANNELS: usize = 2;
/** f32 x 4: four weights of the spline's derivative for each vector of samples along x. */
let slopeWeights: usize = 0;
/** Both channels' nodes of one line, blended across z by the spline's derivative. */
let blendedSlopes: usize = 0;
/** Slopes of one line of samples, by node: along x, then along z, each of base, then of amplitude. */
let slopes: usize = 0;

/** Returns the derivative by t of weight `k` of the spline at t in [0, 1). */
function splineSlope(k: i32, t: f64): f32 {
    const s = 1 - t;
    if (isThroughNodes) {
        switch (k) {
            case 0:
                return <f32>(0.5 * s * (3 * t - 1));
            case 1:
                return <f32>(t * (4.5 * t - 5));
            case 2:
                return <f32>(0.5 + t * (4 - 4.5 * t));
            default:
                return <f32>(0.5 * t * (3 * t - 2));
        }
    }
    switch (k) {
        case 0:
            return <f32>(-0.5 * s * s);
        case 1:
            return <f32>(t * (1.5 * t - 2));
        case 2:
            return <f32>(s * (2 - 1.5 * s));
        default:
            return <f32>(0.5 * t * t);
    }
}

/** Lays out what `fillMacroSlopes` needs on the present grid. */
export function layoutMacroSlopes(): void {
    slopeWeights = reserve(lineBytes * 4);
    blendedSlopes = reserve(nodeBytesOfChannel * SLOPE_CHANNELS + 16);
    slopes = reserve(lineBytes * 4);
    const padded = <i32>(lineBytes >> 2);
    for (let i = 0; i < padded; i++) {
        const at = firstNodeX + <f64>min(i, countX - 1) * nodeStep;
        const t = at - floor(at);
        for (let k = 0; k < 4; k++) {
            store<f32>(slopeWeights + (<usize>(i & ~3) << 4) + (<usize>k << 4) + (<usize>(i & 3) << 2), splineSlope(k, t));
        }
    }
}

/** Returns the address of a line's slopes along x, f32 by node: of the macro field `base`, or of `amplitude`. */
@inline
export function macroSlopesX(channel: usize): usize {
    return slopes + channel * lineBytes;
}

/** Returns the address of a line's slopes along z. */
@inline
export function macroSlopesZ(channel: usize): usize {
    return slopes + (SLOPE_CHANNELS + channel) * lineBytes;
}

/** Fills the slopes of a line of samples. */
export function fillMacroSlopes(line: i32): void {
    const at = firstNodeZ + <f64>line * nodeStep;
    const node = floor(at);
    const bytes = nodeBytesOfChannel * SLOPE_CHANNELS;
    const lineOfNodes = nodeBytesOfChannel * <usize>MACRO_CHANNELS;
    const from = nodesAt + <usize>(<i32>node - 1) * lineOfNodes;
    const t = at - node;
    blendFour(
        from, lineOfNodes, bytes, blended,
        splineWeight(0, t), splineWeight(1, t), splineWeight(2, t), splineWeight(3, t),
    );
    blendFour(
        from, lineOfNodes, bytes, blendedSlopes,
        splineSlope(0, t), splineSlope(1, t), splineSlope(2, t), splineSlope(3, t),
    );
    for (let channel: usize = BASE; channel <= AMPLITUDE; channel++) {
        const skipped = channel * nodeBytesOfChannel;
        blendAlong(blended + skipped, slopeWeights, macroSlopesX(channel));
        blendAlong(blendedSlopes + skipped, weights, macroSlopesZ(channel));
    }
}

/** Blends four lines of nodes into one, the first `bytes` of each. */
function blendFour(
    lines: usize,
    lineOfNodes: usize,
    bytes: usize,
    to: usize,
    w0: f32,
    w1: f32,
    w2: f32,
    w3: f32,
): void {
    for (let at: usize = 0; at < bytes; at += 16) {
        const line = lines + at;
        const a = f32x4.mul(f32x4.splat(w0), v128.load(line));
        const near = f32x4.add(a, f32x4.mul(f32x4.splat(w1), v128.load(line + lineOfNodes)));
        const c = f32x4.mul(f32x4.splat(w2), v128.load(line + lineOfNodes * 2));
        const far = f32x4.add(c, f32x4.mul(f32x4.splat(w3), v128.load(line + lineOfNodes * 3)));
        v128.store(to + at, f32x4.add(near, far));
    }
}

/** Blends a channel's nodes along a line of samples, by a table of weights. */
function blendAlong(nodes: usize, table: usize, to: usize): void {
    for (let at: usize = 0; at < lineBytes; at += 16, table += 64) {
        // Each lane has four nodes of its own; near by they are the same.
        const a = v128.load(nodes + load<i32>(nodeOf + at));
        const b = v128.load(nodes + load<i32>(nodeOf + at, 4));
        const c = v128.load(nodes + load<i32>(nodeOf + at, 8));
        const d = v128.load(nodes + load<i32>(nodeOf + at, 12));
        const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
        const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
        const abHigh = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
        const cdHigh = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
        const near = f32x4.add(
            f32x4.mul(v128.load(table), v128.shuffle<f64>(ab, cd, 0, 2)),
            f32x4.mul(v128.load(table, 16), v128.shuffle<f64>(ab, cd, 1, 3)),
        );
        const far = f32x4.add(
            f32x4.mul(v128.load(table, 32), v128.shuffle<f64>(abHigh, cdHigh, 0, 2)),
            f32x4.mul(v128.load(table, 48), v128.shuffle<f64>(abHigh, cdHigh, 1, 3)),
        );
        v128.store(to + at, f32x4.add(near, far));
    }
}
