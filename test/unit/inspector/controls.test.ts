import type { Material } from "@babylonjs/core/Materials/material.js";
import { controlsOf, type Control, type SliderControl } from "../../../src/inspector/controls.js";
import { createFakeWorld } from "./fakeWorld.js";

function controlsByLabel(over: Parameters<typeof createFakeWorld>[0] = {}) {
    const fake = createFakeWorld(over);
    const view = { showsLevels: false, showsBorders: false };
    const { streaming, map, memory, frames } = controlsOf(fake.world, view);
    const all = [...streaming, ...map, ...memory, ...frames];
    return { ...fake, view, all, find: (label: string): Control => all.find((control) => control.label === label)! };
}

test("each switch acts on its own control at once", () => {
    const material = { wireframe: false } as Material;
    const { world, view, find } = controlsByLabel({ material });
    const toggle = (label: string) => {
        const control = find(label);
        if (control.kind !== "switch") {
            throw new Error(`${label} is no switch`);
        }
        control.write(!control.read());
        return control.read();
    };
    expect(toggle("Pause streaming")).toBe(true);
    expect(world).toMatchObject({ isStreamingPaused: true, isSelectionFrozen: true });
    expect(toggle("Freeze selection")).toBe(false);
    expect(world).toMatchObject({ isStreamingPaused: true, isSelectionFrozen: false });
    expect(toggle("Level tint")).toBe(true);
    expect(toggle("Chunk borders")).toBe(true);
    expect(view).toEqual({ showsLevels: true, showsBorders: true });
    expect(toggle("Wireframe")).toBe(true);
    expect(material.wireframe).toBe(true);
    expect(toggle("Watch the heap")).toBe(true);
    expect(world.profiler.tracksHeap).toBe(true);
});

test("each slider reads and writes its own setting, and never beyond its range", () => {
    const { world, all } = controlsByLabel();
    const sliders = all.filter((control): control is SliderControl => control.kind === "slider");
    expect(sliders.map(({ label, unit, read }) => [label, unit, read()])).toEqual([
        ["View distance", "m", 10_000],
        ["Screen-space error", "px", 3],
        ["Prefetch time", "s", 4],
        ["Memory limit", "MB", 256],
        ["Apply budget", "ms", 2],
        ["Apply bytes", "KB", 1024],
        ["Level fade time", "s", 0.4],
    ]);
    for (const slider of sliders) {
        slider.write(slider.max + 1);
        expect(slider.read()).toBe(slider.max);
        slider.write(slider.min - 1);
        expect(slider.read()).toBe(slider.min);
    }
    expect(world).toMatchObject({
        screenSpaceError: 0.5,
        viewDistance: 500,
        prefetchTime: 0,
        memoryLimitBytes: 16 * 2 ** 20,
        applyBudgetMs: 0.1,
        applyBudgetBytes: 64 * 1024,
    });
});

test("the cache is flushed on demand", () => {
    const { find, calls } = controlsByLabel();
    const flush = find("Flush cache");
    expect(calls).toEqual([]);
    if (flush.kind === "action") {
        flush.run();
    }
    expect(calls).toEqual(["flushCache"]);
});
