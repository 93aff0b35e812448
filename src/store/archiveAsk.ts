import type { ArchiveSection } from "../format/archiveHeader.js";
import type { StoreRequest, StoreResult } from "./store.js";

/** One file that somebody wants, until it is answered. */
export class Ask {
    public isSettled = false;
    /** Where it lies; null while that is not known. */
    public section: ArchiveSection | null = null;
    /** Called when it is answered. */
    public onSettled: (() => void) | null = null;
    private readonly _onAbort = (): void => this.settle({ status: "aborted" });

    public constructor(
        public readonly request: StoreRequest,
        private readonly _onResult: (result: StoreResult) => void,
    ) {
        const { signal } = request;
        if (signal?.aborted === true) {
            // After the constructor, as every other answer.
            queueMicrotask(this._onAbort);
        }
        signal?.addEventListener("abort", this._onAbort);
    }

    /** Answers. The first answer counts. */
    public settle(result: StoreResult): void {
        if (this.isSettled) {
            return;
        }
        this.isSettled = true;
        this.request.signal?.removeEventListener("abort", this._onAbort);
        this._onResult(result);
        this.onSettled?.();
    }
}
