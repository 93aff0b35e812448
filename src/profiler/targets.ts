import { throwProblems, type Problem } from "../base/errors.js";

/** Limits of one operation in milliseconds, each above the one before. */
export interface OperationTarget {
    /** What the operation should stay within. */
    readonly targetMs: number;
    /** Above this it is a warning. */
    readonly warningMs: number;
    /** Above this it is critical. */
    readonly criticalMs: number;
}

/**
 * Targets that a game may expect any terrain to meet: baking a chunk and its caves, loading a chunk, drawing a frame.
 */
export const DEFAULT_TARGETS: Readonly<Record<string, OperationTarget>> = {
    bakeTerrain: { targetMs: 50, warningMs: 100, criticalMs: 200 },
    bakeCaves: { targetMs: 80, warningMs: 150, criticalMs: 300 },
    loadBuffer: { targetMs: 20, warningMs: 50, criticalMs: 100 },
    drawFrame: { targetMs: 16.67, warningMs: 33.33, criticalMs: 50 },
};

/**
 * Stricter targets of Terrane's own: for the steps of a frame, an eighth of a frame at 60 Hz for all of a world's
 * share, of which choosing levels may take a quarter; and for the stages of a bake, which share one chunk's time.
 */
export const OWN_TARGETS: Readonly<Record<string, OperationTarget>> = {
    updateWorld: { targetMs: 2, warningMs: 4, criticalMs: 8 },
    selectLevels: { targetMs: 0.5, warningMs: 1, criticalMs: 2 },
    updateStreaming: { targetMs: 2, warningMs: 4, criticalMs: 8 },
    uploadChunk: { targetMs: 0.5, warningMs: 1, criticalMs: 2 },
    bakeNoise: { targetMs: 10, warningMs: 20, criticalMs: 40 },
    bakeHeightfield: { targetMs: 10, warningMs: 20, criticalMs: 40 },
    bakeFusion: { targetMs: 20, warningMs: 40, criticalMs: 80 },
    bakeTangents: { targetMs: 10, warningMs: 20, criticalMs: 40 },
    serializeBuffer: { targetMs: 5, warningMs: 10, criticalMs: 20 },
    hashBuffer: { targetMs: 2, warningMs: 4, criticalMs: 8 },
};

const LIMITS = ["targetMs", "warningMs", "criticalMs"] as const;

/**
 * Returns targets by operation, including the defaults. Each is checked when it is set.
 *
 * @throws TerraneError, here and when one is set later, naming a limit that is not valid or not above the one before it
 */
export function createTargets(own: Readonly<Record<string, OperationTarget>> = {}): Record<string, OperationTarget> {
    const targets = new Proxy<Record<string, OperationTarget>>({}, { set: setTarget, defineProperty: refuse });
    return Object.assign(targets, DEFAULT_TARGETS, OWN_TARGETS, own);
}

/** Returns what is wrong with a target: the first limit that is none, or that is not above the one before it. */
export function targetProblems(operation: string, value: unknown): Problem[] {
    const field = `targets.${operation}`;
    if (typeof value !== "object" || value === null) {
        return [
            { field, value, allowed: `an object with ${LIMITS.join(", ")}`, remedy: "Delete it to have no target." },
        ];
    }
    const target = value as OperationTarget;
    let before = 0;
    for (const limit of LIMITS) {
        const ms: unknown = target[limit];
        if (typeof ms !== "number" || !(ms > before && Number.isFinite(ms))) {
            const remedy = `Let ${LIMITS.join(", ")} rise in this order.`;
            return [{ field: `${field}.${limit}`, value: ms, allowed: `milliseconds above ${before}`, remedy }];
        }
        before = ms;
    }
    return [];
}

/** Sets a copy of a target, since a caller's object might change later. */
function setTarget(targets: Record<string, OperationTarget>, operation: string | symbol, value: unknown): boolean {
    throwProblems(targetProblems(String(operation), value));
    const { targetMs, warningMs, criticalMs } = value as OperationTarget;
    targets[operation as string] = Object.freeze({ targetMs, warningMs, criticalMs });
    return true;
}

/** Refuses ways around the check. */
function refuse(): boolean {
    return false;
}
