import type { BakeBatchRequest, BakeTask } from "../bake/protocol.js";
import { TerraneError } from "../base/errors.js";

/**
 * Returns a copy of a request that could not be sent, without what cannot be cloned.
 *
 * @throws TerraneError where a buffer cannot be transferred, or is there twice
 */
export function toSendable(request: BakeBatchRequest): BakeBatchRequest {
    const tasks = request.tasks.map(toSendableTask);
    if (new Set(tasks.map(({ buffer }) => buffer)).size < tasks.length) {
        throw new TerraneError("tasks", request.tasks, "a buffer of its own for each task", "Lease one a task.");
    }
    return {
        job: request.job === "check" ? "check" : "bake",
        recipeJson: String(request.recipeJson),
        encoding: request.encoding === "file" ? "file" : "packed",
        tasks,
    };
}

function toSendableTask({ id, address, buffer, expected }: BakeTask): BakeTask {
    const { face, level, x, z } = address;
    if (!isTransferable(buffer)) {
        throw new TerraneError(
            "buffer",
            "detached or no ArrayBuffer",
            "an ArrayBuffer that was not transferred",
            "Lease another.",
        );
    }
    return {
        id,
        address: { face: Number(face), level: Number(level), x: Number(x), z: Number(z) },
        buffer,
        ...(expected !== undefined && { expected: { ...expected } }),
    };
}

/**
 * Returns whether a buffer can be transferred. Views on a detached one throw; `ArrayBuffer.detached` is younger than
 * the engines that must run this.
 */
function isTransferable(buffer: ArrayBuffer): boolean {
    try {
        return Object.prototype.toString.call(new Uint8Array(buffer).buffer) === "[object ArrayBuffer]";
    } catch {
        return false;
    }
}
