import type { Vec3Like } from "../base/vec3Like.js";

/** Says that a world was disposed while someone waited for it. Test for `code`. */
export class TerraneDisposedError extends Error {
    public override readonly name = "TerraneDisposedError";
    /** Tells this error from others. */
    public readonly code = "TERRANE_DISPOSED";

    public constructor(worldName: string) {
        super(`The world "${worldName}" was disposed. Do not wait for a world after dispose(), or handle this code.`);
    }
}

interface Waiter {
    isSettled(): boolean;
    resolve(): void;
    reject(error: Error): void;
}

/** Promises that settle in the render loop. A frame in which nobody waits costs one comparison. */
export class ReadinessWaiters {
    private readonly _waiters: Waiter[] = [];

    /** Resolves at the end of the first `settle` for which `isSettled` holds. */
    public waitAsync(isSettled: () => boolean): Promise<void> {
        return new Promise((resolve, reject) => this._waiters.push({ isSettled, resolve, reject }));
    }

    public settle(): void {
        for (let i = this._waiters.length - 1; i >= 0; i--) {
            const waiter = this._waiters[i]!;
            if (waiter.isSettled()) {
                this._waiters.splice(i, 1);
                waiter.resolve();
            }
        }
    }

    public rejectAll(error: Error): void {
        for (const waiter of this._waiters.splice(0)) {
            waiter.reject(error);
        }
    }
}

/** A viewer that stands still: asks for ground where nobody looks yet. */
export class PlaceViewer {
    public readonly position: Vec3Like;

    public constructor(
        position: Vec3Like,
        /** Metres. */
        public readonly radius: number,
    ) {
        this.position = { x: position.x, y: position.y, z: position.z };
    }
}
