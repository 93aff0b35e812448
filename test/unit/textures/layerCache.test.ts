import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { DrawEvent } from "../../../src/textures/drawProtocol.js";
import { DRAWING_VERSION, drawLayer } from "../../../src/textures/drawLayer.js";
import { drawRequestedAsync } from "../../../src/textures/drawRequested.js";

/** A browser's cache, as far as it is used. */
class FakeCache {
    public readonly files = new Map<string, Uint8Array>();
    public isBroken = false;

    public match(url: string): Promise<Response | undefined> {
        const file = this.files.get(url);
        return this._answer(file && new Response(file as Uint8Array<ArrayBuffer>));
    }

    public async put(url: string, response: Response): Promise<void> {
        this.files.set(url, new Uint8Array(await response.arrayBuffer()));
        await this._answer(undefined);
    }

    public keys(): Promise<{ url: string }[]> {
        return this._answer([...this.files.keys()].map((url) => ({ url })));
    }

    public delete({ url }: { url: string }): Promise<boolean> {
        return this._answer(this.files.delete(url));
    }

    private _answer<T>(value: T): Promise<T> {
        return this.isBroken ? Promise.reject(new Error("QuotaExceededError")) : Promise.resolve(value);
    }
}

const address = (drawing: number, layer: number): string => `https://terrane.invalid/textures/${drawing}/16/${layer}`;
const NO_REST = (): Promise<void> => Promise.resolve();
let cache: FakeCache;

beforeEach(() => {
    cache = new FakeCache();
    (globalThis as { caches?: unknown }).caches = { open: () => Promise.resolve(cache) };
});

afterEach(() => {
    delete (globalThis as { caches?: unknown }).caches;
});

async function drawAsync(layers: number[]): Promise<DrawEvent[]> {
    const events: DrawEvent[] = [];
    await drawRequestedAsync({ size: 16, layers }, (event) => events.push(event), { restAsync: NO_REST });
    return events;
}

function colorsOf(events: DrawEvent[]): Record<number, Uint8Array> {
    return Object.fromEntries(events.flatMap((event) => (event.kind === "layer" ? [[event.layer, event.color]] : [])));
}

describe("layers that are asked for", () => {
    it("come after the noise, in their order, as they are drawn", async () => {
        const events = await drawAsync([3, 7]);
        expect(events.map((event) => (event.kind === "layer" ? event.layer : event.kind))).toEqual(["noise", 3, 7]);
        expect(colorsOf(events)[7]).toEqual(drawLayer(7, 16).color);
    });

    it("are kept, and taken from the cache the next time", async () => {
        const first = await drawAsync([3, 7]);
        expect([...cache.files.keys()]).toEqual([address(DRAWING_VERSION, 3), address(DRAWING_VERSION, 7)]);
        let drawn = 0;
        const events: DrawEvent[] = [];
        await drawRequestedAsync({ size: 16, layers: [3, 7] }, (event) => events.push(event), {
            turnAsync: () => Promise.resolve(void drawn++),
        });
        // The noise's, which is not kept.
        expect(drawn).toBe(5);
        expect(colorsOf(events)).toEqual(colorsOf(first));
    });

    it("wait for the chunks of a first view where they must be drawn, once, and not where they are kept", async () => {
        await drawAsync([3]);
        let endRest = (): void => undefined;
        let rests = 0;
        const events: DrawEvent[] = [];
        const namesOf = (): unknown[] => events.map((event) => (event.kind === "layer" ? event.layer : event.kind));
        const drawing = drawRequestedAsync({ size: 16, layers: [3, 7, 8] }, (event) => events.push(event), {
            restAsync: () => {
                rests++;
                return new Promise((resolve) => (endRest = resolve));
            },
        });
        while (rests === 0) {
            await new Promise((resolve) => setTimeout(resolve));
        }
        expect(namesOf()).toEqual(["noise", 3]);
        endRest();
        await drawing;
        expect(namesOf()).toEqual(["noise", 3, 7, 8]);
        expect(rests).toBe(1);
    });

    it("are drawn again, and kept anew, where what was kept is damaged", async () => {
        const first = await drawAsync([7]);
        const key = address(DRAWING_VERSION, 7);
        const whole = cache.files.get(key)!;
        const damaged = whole.slice();
        damaged[100]! ^= 1;
        cache.files.set(key, damaged);
        expect(colorsOf(await drawAsync([7]))).toEqual(colorsOf(first));
        expect(cache.files.get(key)).toEqual(whole);
    });

    it("replace what older drawings have left", async () => {
        cache.files.set(address(DRAWING_VERSION - 1, 3), new Uint8Array(4));
        cache.files.set(address(DRAWING_VERSION + 1, 3), new Uint8Array(4));
        cache.files.set("https://terrane.invalid/textures/nonsense", new Uint8Array(4));
        await drawAsync([7]);
        expect([...cache.files.keys()].sort()).toEqual(
            [address(DRAWING_VERSION, 7), address(DRAWING_VERSION + 1, 3)].sort(),
        );
    });

    it("are drawn where the cache breaks, or cannot be opened, or is not there", async () => {
        cache.isBroken = true;
        expect(Object.keys(colorsOf(await drawAsync([7])))).toEqual(["7"]);
        (globalThis as { caches?: unknown }).caches = { open: () => Promise.reject(new Error("SecurityError")) };
        expect(Object.keys(colorsOf(await drawAsync([7])))).toEqual(["7"]);
        delete (globalThis as { caches?: unknown }).caches;
        expect(Object.keys(colorsOf(await drawAsync([7])))).toEqual(["7"]);
    });

    it("end where they are cancelled, between two steps", async () => {
        let turns = 0;
        const events: DrawEvent[] = [];
        await drawRequestedAsync({ size: 16, layers: [3, 7] }, (event) => events.push(event), {
            turnAsync: () => Promise.resolve(void turns++),
            isCancelled: () => turns >= 8,
            restAsync: NO_REST,
        });
        expect(events.map(({ kind }) => kind)).toEqual(["noise"]);
        expect(turns).toBe(8);
    });

    it("say why where one cannot be drawn", async () => {
        const events = await drawAsync([99]);
        expect(events.map(({ kind }) => kind)).toEqual(["noise", "failed"]);
    });
});
