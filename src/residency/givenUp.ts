/** Remembers which chunks were given up, and why, by key. Records come and go; this stays. */
export class GivenUp {
    private readonly _errors = new Map<number, Error>();
    /** Those of them that a source might have, which was out of reach. */
    private readonly _unavailable = new Set<number>();
    /** What was unavailable once and has not come since: that it fails again, while it is tried again and again, is no news. */
    private readonly _lacking = new Set<number>();

    public has(key: number): boolean {
        return this._errors.has(key);
    }

    /** Returns why a chunk was given up; null where it was not. */
    public errorOf(key: number): Error | null {
        return this._errors.get(key) ?? null;
    }

    /** Adds a chunk, and returns whether that is news. */
    public add(key: number, error: Error, isUnavailable: boolean): boolean {
        this._errors.set(key, error);
        if (!isUnavailable) {
            return true;
        }
        this._unavailable.add(key);
        const isNews = !this._lacking.has(key);
        this._lacking.add(key);
        return isNews;
    }

    /** Takes out what was unavailable, to be tried again, and returns its keys. */
    public takeUnavailable(): number[] {
        const keys = [...this._unavailable];
        this._unavailable.clear();
        for (const key of keys) {
            this._errors.delete(key);
        }
        return keys;
    }

    /** A chunk has come: the next time it is unavailable is news again. */
    public markReceived(key: number): void {
        this._lacking.delete(key);
    }

    public delete(key: number): void {
        this._errors.delete(key);
        this._unavailable.delete(key);
        this._lacking.delete(key);
    }

    public clear(): void {
        this._errors.clear();
        this._unavailable.clear();
        this._lacking.clear();
    }
}
