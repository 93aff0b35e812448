import { GENERATOR_VERSION } from "../../src/bake/generatorVersion.js";
import { isFusedChunk } from "../../src/format/chunkData.js";
import type { Recipe } from "../../src/recipe/recipe.js";
import type { ChunkAddress } from "../../src/space/chunkAddress.js";
import type { DownloadAnswer, LoadAnswer, LoadEvent, LoadSettings } from "../../src/store/loadProtocol.js";
import { LoadSession } from "../../src/store/loadSession.js";
import type { LoadSample } from "./samples.js";

/** The number of the one world. */
const WORLD = 1;
/** Bytes of a new buffer: most chunks fit, and the others bring a larger one back. */
const BUFFER_BYTES = 2 ** 18;

/**
 * Loads chunks by the session that loads them in the product's worker, on the thread that calls: from the request to the
 * chunk data in a buffer.
 */
export class SessionLoads {
    private readonly _session = new LoadSession((event) => this._onEvent(event));
    private readonly _buffers: ArrayBuffer[] = [];
    private readonly _answers = new Map<number, (answer: LoadAnswer) => void>();
    private readonly _downloads = new Map<number, (answer: DownloadAnswer) => void>();
    private readonly _events: ((event: LoadEvent) => void)[] = [];
    private _lastId = 0;

    private constructor() {}

    /** Opens stores for a world, and waits until it is known what they have. */
    public static async OpenAsync(settings: LoadSettings, recipe: Recipe): Promise<SessionLoads> {
        const loads = new SessionLoads();
        const opened = loads._eventAsync("opened");
        loads._session.receive({ kind: "open", settings });
        await opened;
        const world = loads._eventAsync("world");
        loads._session.receive({ kind: "world", world: WORLD, recipe, generatorVersion: GENERATOR_VERSION });
        await world;
        return loads;
    }

    /** Loads chunks that are all wanted at once. Throws where one is not there. */
    public async loadAsync(addresses: readonly ChunkAddress[]): Promise<LoadSample[]> {
        const tasks = addresses.map((address) => {
            return { id: ++this._lastId, address, buffer: this._buffers.pop() ?? new ArrayBuffer(BUFFER_BYTES) };
        });
        const samples: LoadSample[] = [];
        const startedMs = performance.now();
        const answered = Promise.all(
            tasks.map(
                ({ id }, index) =>
                    new Promise<void>((resolve, reject) => {
                        this._answers.set(id, (answer) => {
                            const ms = performance.now() - startedMs;
                            const { status, reason, buffer, byteLength, unpackMs } = answer;
                            if (status !== "found") {
                                reject(new Error(`a chunk that was stored is ${status}: ${reason}`));
                                return;
                            }
                            samples[index] = { ms, unpackMs, byteLength, isFused: isFusedChunk(buffer) };
                            this._buffers.push(buffer);
                            resolve();
                        });
                    }),
            ),
        );
        this._session.receive({ kind: "work", world: WORLD, loads: tasks, aborts: [], puts: [], blocks: [] });
        await answered;
        return samples;
    }

    /** Brings a chunk's file from the other stores into the first that takes any. Resolves with its bytes. */
    public async downloadAsync(address: ChunkAddress): Promise<number> {
        const id = ++this._lastId;
        const answer = await new Promise<DownloadAnswer>((resolve) => {
            this._downloads.set(id, resolve);
            this._session.receive({ kind: "download", world: WORLD, id, address });
        });
        if (answer.status !== "stored" && answer.status !== "had") {
            throw new Error(`a chunk could not be stored: ${answer.status}, ${answer.reason}`);
        }
        return answer.bytes;
    }

    public async closeAsync(): Promise<void> {
        const closed = this._eventAsync("closed");
        this._session.receive({ kind: "close" });
        await closed;
    }

    private _onEvent(event: LoadEvent): void {
        if (event.kind === "answer") {
            this._answers.get(event.id)?.(event);
            this._answers.delete(event.id);
        } else if (event.kind === "downloaded") {
            this._downloads.get(event.id)?.(event);
            this._downloads.delete(event.id);
        } else {
            this._events.forEach((look) => look(event));
        }
    }

    private _eventAsync(kind: LoadEvent["kind"]): Promise<void> {
        return new Promise((resolve, reject) => {
            const look = (event: LoadEvent): void => {
                if (event.kind === kind || event.kind === "refused") {
                    this._events.splice(this._events.indexOf(look), 1);
                    if (event.kind === "refused") {
                        reject(new Error(event.error.message));
                    } else {
                        resolve();
                    }
                }
            };
            this._events.push(look);
        });
    }
}
