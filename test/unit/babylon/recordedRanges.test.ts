import type { AbstractEngine } from "@babylonjs/core/Engines/abstractEngine.js";
import type { IDrawContext } from "@babylonjs/core/Engines/IDrawContext.js";
import type { SubMesh } from "@babylonjs/core/Meshes/subMesh.js";
import { RecordedRanges } from "../../../src/babylon/recordedRanges.js";

function createContext() {
    return { fastBundle: {} as object | undefined } as unknown as IDrawContext & { fastBundle?: object };
}

function createEngine(isWebGPU = true, compatibilityMode = false) {
    return { isWebGPU, compatibilityMode, _currentDrawContext: createContext() } as unknown as AbstractEngine;
}

function rangeOf(indexStart: number, indexCount: number): SubMesh {
    return { indexStart, indexCount } as SubMesh;
}

test("a bundle is dropped when its draw context's range changes, and at no other time", () => {
    const ranges = new RecordedRanges();
    const engine = createEngine();
    const contexts = [createContext(), createContext()];
    const isDropped = (context: number, start: number, count: number): boolean => {
        engine._currentDrawContext = contexts[context]!;
        contexts[context]!.fastBundle = {};
        ranges.renew(engine, rangeOf(start, count));
        return contexts[context]!.fastBundle === undefined;
    };
    expect(isDropped(0, 0, 600)).toBe(true);
    expect(isDropped(0, 0, 600)).toBe(false);
    expect(isDropped(1, 0, 600)).toBe(true);
    expect(isDropped(0, 600, 600)).toBe(true);
    expect(isDropped(0, 600, 300)).toBe(true);
    expect(isDropped(1, 0, 600)).toBe(false);
    expect(isDropped(0, 600, 300)).toBe(false);
});

test.each([
    [false, false],
    [true, true],
])("where nothing is recorded nothing is dropped: WebGPU %s, compatibility mode %s", (isWebGPU, compatibilityMode) => {
    const engine = createEngine(isWebGPU, compatibilityMode);
    new RecordedRanges().renew(engine, rangeOf(0, 600));
    expect((engine._currentDrawContext as { fastBundle?: object }).fastBundle).toBeDefined();
});

test("changing ranges leave no garbage", () => {
    const ranges = new RecordedRanges();
    const engine = createEngine();
    const submeshes = [rangeOf(600, 600), rangeOf(1200, 600)];
    const changes = 20_000;
    const bytesOfARun = (): number => {
        const before = process.memoryUsage().heapUsed;
        for (let i = 0; i < changes; i++) {
            ranges.renew(engine, submeshes[i % 2]!);
        }
        return Math.max(0, process.memoryUsage().heapUsed - before);
    };
    // Before it is compiled code leaves some itself; a number on the heap would be 16 bytes a change.
    bytesOfARun();
    expect(Math.min(bytesOfARun(), bytesOfARun(), bytesOfARun()) / changes).toBeLessThan(2);
});
