import { bakesOnMainThread, processorSaturated, slowBakes, workersSaturated } from "./rules/bakeRules.js";
import {
    drawCallsSaturated,
    graphicsSaturated,
    selectionTooLong,
    uploadsHitch,
    uploadsTooLong,
} from "./rules/frameRules.js";
import { memoryShort, poolMisses } from "./rules/memoryRules.js";
import type { Recommendation, RecommendationSeverity, Rule, RuleInput } from "./rules/rule.js";
import { prefetchShort, uploadBytesShort, uploadTimeShort } from "./rules/uploadRules.js";

/** Causes stand before what may follow from them: of two that weigh the same, the first here comes first. */
export const RULES: readonly Rule[] = [
    memoryShort,
    poolMisses,
    workersSaturated,
    processorSaturated,
    slowBakes,
    bakesOnMainThread,
    uploadTimeShort,
    uploadBytesShort,
    uploadsTooLong,
    selectionTooLong,
    uploadsHitch,
    drawCallsSaturated,
    graphicsSaturated,
    prefetchShort,
];

const ORDER: readonly RecommendationSeverity[] = ["critical", "warning", "hint"];

/** Worst first, and one for each option: where rules want the same or opposite of it, the worst trouble decides. */
export function recommend(input: RuleInput): Recommendation[] {
    const found = RULES.map((rule) => rule(input)).filter((recommendation) => recommendation !== null);
    const sorted = sortRecommendations(found);
    return sorted.filter(({ option }, i) => sorted.findIndex((other) => other.option === option) === i);
}

/** Worst first: by severity, then by pressure. */
export function sortRecommendations(found: readonly Recommendation[]): Recommendation[] {
    return [...found].sort((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity) || b.pressure - a.pressure);
}
