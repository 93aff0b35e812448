import type { StoreEntry } from "./storeIndex.js";

/** What tabs tell each other of the database that they share. */
type Message = { readonly put: StoreEntry } | { readonly deleted: readonly string[] };

/**
 * Keeps the indexes of all tabs in step. Messages may come late or not at all: an index may name what is gone, which reads as
 * missing, and not name what is there, which is made again.
 */
export class StoreTabs {
    private readonly _channel: BroadcastChannel | null;

    /**
     * @param onPut called with what another tab has put
     * @param onDeleted called with what another tab has deleted, or replaced since
     */
    public constructor(
        database: string,
        onPut: (entry: StoreEntry) => void,
        onDeleted: (keys: readonly string[]) => void,
    ) {
        this._channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(`terrane:${database}`);
        if (this._channel === null) {
            return;
        }
        // Node waits for open channels.
        (this._channel as { unref?: () => void }).unref?.();
        this._channel.onmessage = ({ data }: { data: Message }) => {
            if ("put" in data) {
                onPut(data.put);
            } else {
                onDeleted(data.deleted);
            }
        };
    }

    public tellPut(put: StoreEntry): void {
        this._post({ put });
    }

    public tellDeleted(deleted: readonly string[]): void {
        this._post({ deleted });
    }

    public close(): void {
        this._channel?.close();
    }

    private _post(message: Message): void {
        try {
            this._channel?.postMessage(message);
        } catch {
            // Closed meanwhile: what was written counts all the same.
        }
    }
}
