import { useCallback } from "react";
import { Button, useObservableState, usePollingObservable } from "@babylonjs/inspector";
import type { InspectedWorld } from "./inspectedWorld.js";
import { POLL_MS } from "./terranePane.js";

/** Shows Terrane's time in a frame and what is on its way, in the inspector's bar. A click opens the pane. */
export function StatusItem({ world, onOpen }: { world: InspectedWorld; onOpen: () => void }) {
    const poll = usePollingObservable(POLL_MS);
    const text = useObservableState(
        useCallback(() => statusText(world), [world]),
        poll,
    );
    return (
        <Button
            appearance="subtle"
            label={text}
            title="Terrane's milliseconds a frame, and chunks to come"
            onClick={onOpen}
        />
    );
}

function statusText(world: InspectedWorld): string {
    if (world.isDisposed) {
        return "Terrane: disposed";
    }
    const { updateMeanMs } = world.profiler.getFrameStats();
    const { pendingRequests, bakingChunks } = world.getStats();
    const coming = pendingRequests + bakingChunks;
    return `Terrane ${updateMeanMs.toFixed(2)} ms${coming > 0 ? ` · ${coming}` : ""}`;
}
