/** What `add` returns and `remove` takes. */
export interface Observer<T> {
    readonly callback: (eventData: T) => void;
}

/**
 * Tells whoever asked. Called as Babylon's `Observable` is, for the rooms that know no engine. Observers that come or go
 * while one is told take effect with the next notification.
 */
export class Observable<T> {
    private _observers: readonly Observer<T>[] = [];

    public add(callback: (eventData: T) => void): Observer<T> {
        const observer: Observer<T> = { callback };
        this._observers = [...this._observers, observer];
        return observer;
    }

    /** Tells `callback` once at most. */
    public addOnce(callback: (eventData: T) => void): Observer<T> {
        const observer = this.add((eventData) => {
            this.remove(observer);
            callback(eventData);
        });
        return observer;
    }

    /** Whether the observer was there. */
    public remove(observer: Observer<T>): boolean {
        const left = this._observers.filter((other) => other !== observer);
        const wasThere = left.length < this._observers.length;
        this._observers = left;
        return wasThere;
    }

    public hasObservers(): boolean {
        return this._observers.length > 0;
    }

    /** What an observer throws keeps none of the others from being told; the first error is thrown at the end. */
    public notifyObservers(eventData: T): void {
        let error: unknown;
        let hasThrown = false;
        for (const { callback } of this._observers) {
            try {
                callback(eventData);
            } catch (thrown) {
                error = hasThrown ? error : thrown;
                hasThrown = true;
            }
        }
        if (hasThrown) {
            throw error;
        }
    }

    public clear(): void {
        this._observers = [];
    }
}
