import type { QuadNode } from "../lod/quadtree.js";
import { isNodeSeen } from "../lod/wantedDetail.js";
import { MAX_LEVEL } from "../space/chunkAddress.js";
import type { Topology } from "../space/topology.js";
import { bandAt, BANDS, priorityOf } from "./bands.js";
import type { ViewerPose } from "./viewerTrack.js";

/** A sharper turn than this (cosine) is out of view for the purpose of priorities. */
const IN_VIEW_COSINE = 0.5;

/** Scratch: the middle of a node, metres. */
const center = new Float64Array(3);

/** How urgently viewers need a node's chunk; of several viewers the most urgent counts. See `priorityOf`. */
export function nodePriority<THandle>(
    node: QuadNode<THandle>,
    poses: readonly ViewerPose[],
    topology: Topology,
): number {
    const side = topology.sides[node.level]!;
    topology.centerToRef(node.face, node.level, node.x, node.z, center);
    let band = BANDS.length - 1;
    let isInView = false;
    for (let i = 0; i < poses.length; i++) {
        const pose = poses[i]!;
        if (!pose.isKnown) {
            continue;
        }
        band = Math.min(band, bandAt(node.distance / (pose.radius * pose.weight)));
        if (pose.isOrthographic) {
            isInView ||= isNodeSeen(topology, pose, node);
            continue;
        }
        const dx = center[0]! - pose.x;
        const dz = center[2]! - pose.z;
        const length = Math.hypot(dx, dz);
        const ahead = dx * pose.forwardX + dz * pose.forwardZ;
        const flat = Math.hypot(pose.forwardX, pose.forwardZ);
        isInView ||= !pose.hasForward || length < side || ahead >= IN_VIEW_COSINE * length * flat;
    }
    // What is drawn already comes anew, where it is stale: nearest first, since no level is waited for.
    const level = node.handle !== null ? MAX_LEVEL : node.level;
    return priorityOf(!isUnderShown(node), band, isInView, level, node.distance);
}

/** Whether something coarser is drawn in a node's place, or part of it is drawn finer. */
function isUnderShown<THandle>(node: QuadNode<THandle>): boolean {
    for (let at: QuadNode<THandle> | null = node; at !== null; at = at.parent) {
        if (at.isShown) {
            return true;
        }
    }
    return node.children.length > 0 && node.children[0]!.isShown;
}
