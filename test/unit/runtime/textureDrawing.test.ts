import { fileURLToPath } from "node:url";
import {
    TextureDrawing,
    type DrawingListener,
    type DrawingWorkerOptions,
} from "../../../src/runtime/textureDrawing.js";
import { drawLayer } from "../../../src/textures/drawLayer.js";
import { TEXTURE_LAYERS } from "../../../src/textures/textureLayers.js";

const workerUrl = fileURLToPath(new URL("../../../dist/terrane.worker.js", import.meta.url));
const SIZE = 16;

class Listener implements DrawingListener {
    public readonly layers = new Map<number, Uint8Array[]>();
    public readonly warnings: string[] = [];
    public readonly failures: string[] = [];
    public noiseBytes = 0;
    public readonly done: Promise<void>;
    /** Called with each layer. */
    public onEach: () => void = () => {};
    private _resolve!: () => void;

    public constructor() {
        this.done = new Promise((resolve) => (this._resolve = resolve));
    }

    public onNoise(bytes: Uint8Array): void {
        this.noiseBytes += bytes.length;
    }

    public onLayer(layer: number, color: Uint8Array, relief: Uint8Array): void {
        expect(this.layers.has(layer)).toBe(false);
        this.layers.set(layer, [color, relief]);
        this.onEach();
    }

    public onDone(): void {
        this._resolve();
    }

    public onFailed(message: string): void {
        this.failures.push(message);
        this._resolve();
    }

    public onWarning(message: string): void {
        this.warnings.push(message);
    }

    public expectAll(): void {
        expect([...this.layers.keys()].sort((a, b) => a - b)).toEqual([...TEXTURE_LAYERS.keys()]);
        for (const layer of [0, 8]) {
            const { color, relief } = drawLayer(layer, SIZE);
            expect(this.layers.get(layer)).toEqual([color, relief]);
        }
        expect(this.failures).toEqual([]);
    }
}

function workerOf(drawing: TextureDrawing): { terminate(): void } | undefined {
    const parts = drawing as unknown as {
        _worker: { _worker: { _pool: { workers: { worker: { terminate(): void } }[] } } } | null;
    };
    return parts._worker?._worker._pool.workers[0]?.worker;
}

test.each([
    ["a worker", { workerUrl }],
    ["this thread", { workers: 0 }],
] as [string, DrawingWorkerOptions][])("%s draws all layers and the noise, each once", async (_, options) => {
    const listener = new Listener();
    const drawing = new TextureDrawing(SIZE, options, listener);
    expect(workerOf(drawing) === undefined).toBe(options.workers === 0);
    await listener.done;
    listener.expectAll();
    expect(listener.noiseBytes).toBe(4 * SIZE * SIZE);
    expect(listener.warnings).toEqual([]);
    expect(workerOf(drawing)).toBeUndefined();
    await drawing.endAsync();
});

test("this thread draws all where the worker's script is not there, and says so once", async () => {
    const listener = new Listener();
    const drawing = new TextureDrawing(SIZE, { workerUrl: `${workerUrl}.missing` }, listener);
    await listener.done;
    listener.expectAll();
    expect(listener.warnings).toHaveLength(1);
    expect(listener.warnings[0]).toMatch(/worker that draws the ground's textures is lost/);
    await drawing.endAsync();
});

test("this thread draws what a worker that dies has not sent", async () => {
    const listener = new Listener();
    const drawing = new TextureDrawing(SIZE, { workerUrl }, listener);
    listener.onEach = () => {
        if (listener.layers.size === 3) {
            workerOf(drawing)!.terminate();
        }
    };
    await listener.done;
    listener.expectAll();
    await drawing.endAsync();
});

test.each([
    ["a worker", { workerUrl }],
    ["this thread", { workers: 0 }],
] as [string, DrawingWorkerOptions][])("nothing is told once it is ended, where %s draws", async (_, options) => {
    const listener = new Listener();
    const drawing = new TextureDrawing(SIZE, options, listener);
    const some = new Promise<void>((resolve) => {
        listener.onEach = () => {
            if (listener.layers.size === 2) {
                void drawing.endAsync();
                resolve();
            }
        };
    });
    await some;
    await drawing.endAsync();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(listener.layers.size).toBe(2);
    expect(listener.warnings).toEqual([]);
});

test("ending it before the worker has loaded leaves nothing behind", async () => {
    const listener = new Listener();
    await new TextureDrawing(SIZE, { workerUrl }, listener).endAsync();
    expect([listener.layers.size, listener.warnings, listener.failures]).toEqual([0, [], []]);
});
