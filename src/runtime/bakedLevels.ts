import type { Problem } from "../base/errors.js";
import type { Topology } from "../space/topology.js";

/**
 * Returns why a world cannot be shown from a bake alone, as far as its levels go; null where it can. The levels must have no
 * gap, and reach up to that of the roots for `viewDistance`: the coarse ground that lies under everything. Asked at creation,
 * and whenever a game sets the view distance; a viewer with a longer radius of its own sees as far as the coarsest roots reach.
 *
 * @param levels of which the bake has chunks, in any order
 * @param viewDistance metres
 * @param field where the view distance was given, for the message
 */
export function faultOfLevels(
    levels: readonly number[],
    topology: Topology,
    viewDistance: number,
    field = "options.viewDistance",
): Problem | null {
    const rootLevel = topology.rootLevelFor(viewDistance);
    const finest = levels.length > 0 ? Math.min(...levels) : 0;
    const coarsest = Math.max(finest, ...levels);
    const bakeAll = `terrane bake --levels ${finest}-${Math.max(rootLevel, coarsest)}`;
    if (levels.length === 0) {
        return {
            field: "bake.levels",
            value: [],
            allowed: "at least one level, where `bakes` is false",
            remedy: `Bake the world first (${bakeAll}), or leave \`bakes\` out.`,
        };
    }
    const sorted = [...new Set(levels)].sort((a, b) => a - b);
    if (sorted.length !== coarsest - finest + 1) {
        return {
            field: "bake.levels",
            value: sorted,
            allowed: `all levels from ${finest} to ${coarsest}, where \`bakes\` is false`,
            remedy: `Bake those that are missing, too (${bakeAll}), or leave \`bakes\` out.`,
        };
    }
    if (coarsest < rootLevel) {
        const farthest = topology.rootRadii[coarsest]!;
        return {
            field,
            value: viewDistance,
            allowed: `up to ${farthest} m with a bake of levels ${finest} to ${coarsest}, where \`bakes\` is false`,
            remedy: `Set it to ${farthest} or less, bake coarser levels, too (${bakeAll}), or leave \`bakes\` out.`,
        };
    }
    return null;
}
