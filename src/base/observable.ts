/** A subscription: `add` returns it and `remove` takes it. */
export interface Observer<T> {
    /** Called with each notification. */
    readonly callback: (eventData: T) => void;
}

/**
 * Notifies its observers, with the methods of Babylon's `Observable`, for the rooms that know no engine. Observers that
 * are added or removed during a notification count from the next one on.
 */
export class Observable<T> {
    private _observers: readonly Observer<T>[] = [];

    /** Adds an observer and returns it, for `remove`. */
    public add(callback: (eventData: T) => void): Observer<T> {
        const observer: Observer<T> = { callback };
        this._observers = [...this._observers, observer];
        return observer;
    }

    /** Adds an observer that is notified once at most. */
    public addOnce(callback: (eventData: T) => void): Observer<T> {
        const observer = this.add((eventData) => {
            this.remove(observer);
            callback(eventData);
        });
        return observer;
    }

    /** Removes an observer. Returns whether it was there. */
    public remove(observer: Observer<T>): boolean {
        const left = this._observers.filter((other) => other !== observer);
        const wasThere = left.length < this._observers.length;
        this._observers = left;
        return wasThere;
    }

    /** Returns whether anyone observes. */
    public hasObservers(): boolean {
        return this._observers.length > 0;
    }

    /** Notifies every observer, even if some throw; then throws the first error. */
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

    /** Removes all observers. */
    public clear(): void {
        this._observers = [];
    }
}
