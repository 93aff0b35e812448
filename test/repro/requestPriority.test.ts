import { parseAddress } from "../../src/space/chunkAddress.js";
import { createRuntime, RADIUS, settleWorldAsync, VIEW } from "../unit/runtime/fakeWorld.js";

// The view said anew with each frame how urgent a chunk was, and so did each further request: the last of all counted.

function bandsOf(
    { runtime }: ReturnType<typeof createRuntime>,
    at: { level: number; x: number; z: number },
): unknown[] {
    const { chunks } = runtime.readMap();
    return chunks.filter(({ level, x, z }) => level === at.level && x === at.x && z === at.z).map(({ band }) => band);
}

test("a chunk that was asked for at once stays so, whatever the view and others say of it, until it is there", async () => {
    const world = createRuntime();
    const { runtime, executor, viewer } = world;
    await settleWorldAsync(world);
    // Finer ground everywhere, under which there is some already.
    runtime.settings.screenSpaceError = 1;
    runtime.updateFrame(VIEW);
    const waiting = runtime.readMap().chunks.filter(({ state }) => state === "waiting");
    const far = waiting.find(({ band }) => band === "normal" || band === "low")!;
    const address = parseAddress(`${far.level}/${far.x}/${far.z}`);
    let answers = 0;
    const count = (): void => void answers++;
    runtime.requestChunk(address, "immediate", count);
    runtime.requestChunk(address, "low", count);
    expect(bandsOf(world, far)).toEqual(["immediate"]);
    runtime.updateFrame(VIEW);
    expect(bandsOf(world, far)).toEqual(["immediate"]);
    // The view wishes for it no more.
    viewer.position.x += RADIUS * 20;
    runtime.updateFrame(VIEW);
    expect(bandsOf(world, far)).toEqual(["immediate"]);
    while (answers === 0) {
        runtime.updateFrame(VIEW);
        await executor.finishAsync();
    }
    expect(answers).toBe(2);
    await runtime.disposeAsync();
});

test("what the view wished for at once falls back to what was asked for when the view has gone", async () => {
    const world = createRuntime();
    const { runtime, viewer } = world;
    await settleWorldAsync(world);
    runtime.settings.screenSpaceError = 1;
    runtime.updateFrame(VIEW);
    const waiting = runtime.readMap().chunks.filter(({ state }) => state === "waiting");
    const near = waiting.find(({ band }) => band === "immediate")!;
    runtime.requestChunk(parseAddress(`${near.level}/${near.x}/${near.z}`), "low");
    runtime.updateFrame(VIEW);
    expect(bandsOf(world, near)).toEqual(["immediate"]);
    viewer.position.x += RADIUS * 20;
    runtime.updateFrame(VIEW);
    expect(bandsOf(world, near)).toEqual(["low"]);
    await runtime.disposeAsync();
});
