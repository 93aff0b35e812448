/** Takes every step, whatever one of them throws; then throws what the first that threw has thrown. */
export function runAll(steps: Iterable<() => unknown>): void {
    const errors: unknown[] = [];
    for (const step of steps) {
        try {
            step();
        } catch (error) {
            errors.push(error);
        }
    }
    if (errors.length > 0) {
        throw errors[0];
    }
}
