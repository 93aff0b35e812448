import { switchesOf } from "../../../src/inspector/switches.js";
import { createFakeWorld } from "./fakeWorld.js";

test("a world without controls offers none", () => {
    expect(switchesOf(createFakeWorld().world)).toEqual([]);
});

test("each switch acts on its own control at once", () => {
    const material = { wireframe: false };
    const { world } = createFakeWorld({ isStreamingPaused: false, isSelectionFrozen: true, material });
    const [pause, freeze, wireframe] = switchesOf(world);
    expect([pause!.read(), freeze!.read(), wireframe!.read()]).toEqual([false, true, false]);

    pause!.write(true);
    expect(world).toMatchObject({ isStreamingPaused: true, isSelectionFrozen: true });
    freeze!.write(false);
    expect(world).toMatchObject({ isStreamingPaused: true, isSelectionFrozen: false });
    wireframe!.write(true);
    expect(material.wireframe).toBe(true);
    expect([pause!.read(), freeze!.read(), wireframe!.read()]).toEqual([true, false, true]);
});
