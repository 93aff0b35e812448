import { isGivenUp, type QuadNode } from "../lod/quadtree.js";
import { isNodeSeen } from "../lod/wantedDetail.js";
import { MAX_LEVEL } from "../space/chunkAddress.js";
import type { Topology } from "../space/topology.js";
import { bandAt, BANDS, priorityOf } from "./bands.js";
import type { ViewerPose } from "./viewerTrack.js";

/** A sharper turn than this (cosine) is out of view for the purpose of priorities. */
const IN_VIEW_COSINE = 0.5;

/** Scratch: the middle of a node, metres. */
const center = new Float64Array(3);

/**
 * How urgently viewers need a node's chunk; of several viewers the most urgent counts. See `priorityOf`.
 *
 * Finer chunks take a coarse one's place only all four together, so that none is of use before the last: their band, view
 * and distance are those of the parent.
 */
export function nodePriority<THandle>(
    node: QuadNode<THandle>,
    poses: readonly ViewerPose[],
    topology: Topology,
): number {
    // What is drawn already comes anew, where it is stale: by itself, nearest first, since no level is waited for.
    const isStale = node.handle !== null;
    const isFiner = isBelowCoarser(node);
    const place = isFiner && !isStale ? node.parent! : node;
    const { face, level, x, z, distance } = place;
    const side = topology.sides[level]!;
    topology.centerToRef(face, level, x, z, center);
    let band = BANDS.length - 1;
    let isInView = false;
    for (let i = 0; i < poses.length; i++) {
        const pose = poses[i]!;
        if (!pose.isKnown) {
            continue;
        }
        band = Math.min(band, bandAt(distance / (pose.radius * pose.weight)));
        if (pose.isOrthographic) {
            isInView ||= isNodeSeen(topology, pose, place);
            continue;
        }
        const dx = center[0]! - pose.x;
        const dz = center[2]! - pose.z;
        const length = Math.hypot(dx, dz);
        const ahead = dx * pose.forwardX + dz * pose.forwardZ;
        const flat = Math.hypot(pose.forwardX, pose.forwardZ);
        isInView ||= !pose.hasForward || length < side || ahead >= IN_VIEW_COSINE * length * flat;
    }
    const isHole = !isFiner && !node.isShown && !isDrawnFiner(node);
    return priorityOf(isHole, band, isInView, isStale ? MAX_LEVEL : node.level, distance);
}

/** Whether something coarser is drawn in a node's place, or needed there and still to come: it will be there sooner. */
function isBelowCoarser<THandle>({ parent, neededPass }: QuadNode<THandle>): boolean {
    for (let at = parent; at !== null; at = at.parent) {
        if (at.isShown || (at.neededPass === neededPass && !isGivenUp(at))) {
            return true;
        }
    }
    return false;
}

/** Whether part of a node is drawn finer. */
function isDrawnFiner<THandle>({ children }: QuadNode<THandle>): boolean {
    return children.length > 0 && children[0]!.isShown;
}
