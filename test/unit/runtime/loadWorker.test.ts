import { fileURLToPath } from "node:url";
import { WorldBaker } from "../../../src/baker/worldBaker.js";
import { Presets } from "../../../src/recipe/presets.js";
import { StoreLink, type StoreLinkOptions } from "../../../src/runtime/storeLink.js";
import { GENERATOR_VERSION } from "../../../src/bake/generatorVersion.js";
import type { ChunkEvent, LoadAnswer } from "../../../src/store/loadProtocol.js";
import { MemoryStore } from "../../../src/store/memoryStore.js";
import { flatAddress } from "../../../src/space/chunkAddress.js";
import { wasmFile } from "../../support/kernels.js";

const workerUrl = fileURLToPath(new URL("../../../dist/terrane.worker.js", import.meta.url));
const recipe = Presets.caves({ seed: 5, terrain: { resolution: 16 } });

/** A bake that only this thread has: the worker has to ask for each file. */
const files = new MemoryStore();
await new WorldBaker({ workers: 0, wasmUrl: wasmFile }).bakeAsync(recipe, {
    chunks: { countX: 2, countZ: 2 },
    store: files,
});

const warnings: string[] = [];
const OPTIONS: StoreLinkOptions = {
    stores: [],
    bake: { files, address: "here", generatorVersion: GENERATOR_VERSION },
    isInline: false,
    workerUrl,
    onWarning: (message) => warnings.push(message),
};

/** Ends the thread of a link as a crash would. */
function crash(link: StoreLink): void {
    const parts = link as unknown as {
        _port: { _worker: { _worker: { _pool: { workers: { worker: { terminate(): void } }[] } } } };
    };
    parts._port._worker._worker._pool.workers[0]!.worker.terminate();
}

class Listener {
    public lost = 0;
    private readonly _waiting = new Map<number, (answer: LoadAnswer) => void>();
    private _id = 0;

    public constructor(private readonly _link: StoreLink) {
        _link.listener = this;
        _link.setWorld(recipe, GENERATOR_VERSION);
    }

    public loadAsync(x: number): Promise<LoadAnswer> {
        const id = ++this._id;
        const buffer = new ArrayBuffer(200_000);
        const task = { id, address: flatAddress(0, x, 0), buffer };
        this._link.post({ kind: "work", world: this._link.world, loads: [task], aborts: [], puts: [], blocks: [] }, [
            buffer,
        ]);
        return new Promise((resolve) => this._waiting.set(id, resolve));
    }

    public onEvent(event: ChunkEvent): void {
        if (event.kind === "answer") {
            this._waiting.get(event.id)!(event);
        }
    }

    public onHandled(): void {}

    public onLost(): void {
        this.lost++;
    }
}

async function untilAsync(isDone: () => boolean): Promise<void> {
    for (const endMs = performance.now() + 15_000; !isDone() && performance.now() < endMs;) {
        await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(isDone()).toBe(true);
}

test("a worker loads from stores that only this thread has, and starts anew where it dies", async () => {
    const link = await StoreLink.OpenAsync(OPTIONS);
    const listener = new Listener(link);
    expect(link.bake).toMatchObject({ chunkCount: 4, recipe });
    const found = await listener.loadAsync(0);
    expect([found.status, found.byteLength > 1000]).toEqual(["found", true]);
    expect((await listener.loadAsync(50)).status).toBe("missing");
    crash(link);
    await untilAsync(() => listener.lost === 1);
    await untilAsync(() => link.isOpen);
    const again = await listener.loadAsync(0);
    expect(
        Buffer.compare(
            new Uint8Array(again.buffer, 0, again.byteLength),
            new Uint8Array(found.buffer, 0, found.byteLength),
        ),
    ).toBe(0);
    expect(warnings).toEqual([]);
    await link.disposeAsync();
}, 30_000);

test("how much a store keeps that only this thread has, and that it does not last, is known with a worker, too", async () => {
    const link = await StoreLink.OpenAsync({ ...OPTIONS, stores: [new MemoryStore({ limitBytes: 1000 })] });
    expect([link.isWritable, link.limitBytes, link.isLasting]).toEqual([true, 1000, false]);
    await link.disposeAsync();
}, 30_000);

test("a worker that dies again and again is left alone, and that is said once", async () => {
    const link = await StoreLink.OpenAsync(OPTIONS);
    const listener = new Listener(link);
    for (let i = 1; i <= 4; i++) {
        await untilAsync(() => link.isOpen);
        crash(link);
        await untilAsync(() => listener.lost === i);
    }
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect([link.isOpen, warnings.length]).toEqual([false, 1]);
    expect(warnings[0]).toContain("died too often");
    await link.disposeAsync();
}, 60_000);

test("a script that is not there is an error that says so, and nothing is left", async () => {
    await expect(
        StoreLink.OpenAsync({ ...OPTIONS, workerUrl: `${workerUrl}.nowhere`, loadTimeoutMs: 5000 }),
    ).rejects.toThrow("The worker that loads from stores could not be started");
}, 20_000);
