/** Resolves as `work` does, or with `aborted` as soon as the signal is: the work itself goes on for others. */
export function orAbortedAsync<T>(
    work: Promise<T>,
    signal: AbortSignal | undefined,
): Promise<T | { readonly status: "aborted" }> {
    if (signal === undefined) {
        return work;
    }
    return new Promise((resolve, reject) => {
        const abort = (): void => resolve({ status: "aborted" });
        signal.addEventListener("abort", abort, { once: true });
        work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
    });
}
