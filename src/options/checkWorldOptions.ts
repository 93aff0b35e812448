import { throwProblems, type Problem } from "../base/errors.js";
import { objectField, sectionField } from "../base/fieldTable.js";
import { problemsOf } from "../base/readFields.js";
import { storeOptionProblems } from "./storeOptions.js";
import { RENAMED_OPTIONS, VIEWER, WORLD_OPTIONS, type WorldOptionTable } from "./worldOptionTable.js";

/** Options of worlds without an engine: those of all worlds that are not about a scene, and a sink. */
export const CORE_OPTIONS: WorldOptionTable = {
    ...Object.fromEntries(
        Object.entries<WorldOptionTable[string]>(WORLD_OPTIONS).filter(([, { needsScene }]) => needsScene !== true),
    ),
    sink: objectField({
        type: "sink",
        methods: ["upload", "show", "hide", "release"],
        defaultText: "none",
        meaning: "draws what viewers see",
        allowed: "a ViewSink",
        remedy: "Leave it out where nothing is drawn.",
    }),
};

/**
 * Returns all that is wrong with `value` as the options of a world, viewers among them. The recipe's own content is not
 * looked at.
 *
 * @param options the options that may be given
 */
export function worldOptionProblems(value: unknown, options: WorldOptionTable = WORLD_OPTIONS): Problem[] {
    const field = sectionField({
        meaning: "options of a world",
        allowed: "an object with a recipe or bakedUrl",
        isRequired: true,
        remedy: "Pass { recipe: Presets.endless() }.",
        fields: options,
        renamed: RENAMED_OPTIONS,
    });
    const problems = problemsOf(field, value, "options");
    return problems.some(({ field: name }) => name === "options")
        ? problems
        : [...problems, ...storeOptionProblems(value as Record<string, unknown>)];
}

/** Throws a `TerraneError` where `viewer` is none. Its numbers may become NaN later: the last finite ones then stay. */
export function assertViewer(viewer: unknown, name = "viewer"): void {
    throwProblems(problemsOf(VIEWER, viewer, name));
}
