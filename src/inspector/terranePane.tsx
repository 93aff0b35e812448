import { useCallback, useState } from "react";
import {
    Accordion,
    AccordionSection,
    ButtonLine,
    TextInputPropertyLine,
    TextPropertyLine,
    useObservableState,
    usePollingObservable,
    useToast,
} from "@babylonjs/inspector";
import { ChunkMap } from "./chunkMap.js";
import type { Controls } from "./controls.js";
import { FrameGraph, LatencyGraph } from "./graphs.js";
import type { InspectedWorld } from "./inspectedWorld.js";
import { AdviceLines, Bars, ControlLines, Rows, StackedBar, Stages } from "./lines.js";
import {
    bakeStages,
    frameRows,
    frameSteps,
    heapRows,
    latencyParts,
    memoryParts,
    memoryRows,
    readAdvice,
    streamingRows,
    threadParts,
    worldRows,
} from "./sections.js";

/** Milliseconds between two polls: fast enough to read as live, slow enough to cost a frame nothing. */
export const POLL_MS = 250;

interface HostProps {
    readonly world: InspectedWorld;
    /** Returns an address that leads to the same world. */
    readonly createLink: () => string;
    /** Makes the world anew from another seed; undefined where the host cannot. */
    readonly onRegenerate?: ((seed: string) => void) | undefined;
}

export interface TerranePaneProps extends HostProps {
    readonly controls: Controls;
}

/** Shows everything about a world, live, and its controls. Polls only while it is mounted; a hidden pane is not. */
export function TerranePane({ world, controls, createLink, onRegenerate }: TerranePaneProps) {
    const poll = usePollingObservable(POLL_MS);
    const read = useCallback(() => (world.isDisposed ? null : readPane(world)), [world]);
    const values = useObservableState(read, poll);

    if (values === null) {
        return <TextPropertyLine label="World" value="disposed" />;
    }
    const { stats, stages, threads, steps, frames, heap, advice } = values;
    return (
        <Accordion>
            <AccordionSection key="World" title="World">
                <Rows rows={worldRows(world)} />
                <WorldActions world={world} createLink={createLink} onRegenerate={onRegenerate} />
            </AccordionSection>
            <AccordionSection key="Advice" title="Advice">
                <AdviceLines world={world} advice={advice} />
            </AccordionSection>
            <AccordionSection key="Frames" title="Frames">
                <FrameGraph world={world} poll={poll} />
                <Rows rows={frames} />
                <Stages stages={steps} />
                <ControlLines controls={controls.frames} />
            </AccordionSection>
            <AccordionSection key="Streaming" title="Streaming">
                <ControlLines controls={controls.streaming} />
                <LatencyGraph world={world} poll={poll} />
                <StackedBar parts={latencyParts(stats)} />
                <Rows rows={streamingRows(stats)} />
            </AccordionSection>
            <AccordionSection key="Map" title="Map">
                <ChunkMap world={world} poll={poll} />
                <ControlLines controls={controls.map} />
            </AccordionSection>
            <AccordionSection key="Memory" title="Memory">
                <StackedBar parts={memoryParts(stats)} />
                <Rows rows={memoryRows(stats)} />
                <Rows rows={heap} />
                <ControlLines controls={controls.memory} />
            </AccordionSection>
            <AccordionSection key="Bake" title="Bake">
                <Stages stages={stages} />
                <Bars parts={threads} />
            </AccordionSection>
        </Accordion>
    );
}

function readPane(world: InspectedWorld) {
    const stats = world.getStats();
    return {
        stats,
        stages: bakeStages(world),
        threads: threadParts(world, stats.workers),
        steps: frameSteps(world),
        frames: frameRows(world),
        heap: heapRows(world),
        advice: readAdvice(world),
    };
}

function WorldActions({ world, createLink, onRegenerate }: HostProps) {
    const { showToast } = useToast();
    const [seed, setSeed] = useState(String(world.recipe.seed));
    const copyAsync = async () => {
        const link = createLink();
        try {
            await navigator.clipboard.writeText(link);
            showToast("Link copied.");
        } catch {
            // Pages that are not secure, and frames, may not write to the clipboard.
            window.prompt("The link to this world:", link);
        }
    };
    const regenerate = () => {
        if (onRegenerate !== undefined && seed !== String(world.recipe.seed)) {
            onRegenerate(seed);
        } else {
            world.regenerate({ cold: true });
        }
    };
    return (
        <>
            {onRegenerate !== undefined && <TextInputPropertyLine label="New seed" value={seed} onChange={setSeed} />}
            <ButtonLine label="Regenerate" title="Bakes all ground anew." onClick={regenerate} />
            <ButtonLine label="Copy link" title="Copies an address that leads to this world." onClick={copyAsync} />
        </>
    );
}

/** Draws a ridge line, for the pane's tab. */
export function TerraneIcon() {
    return (
        <svg width="20" height="20" viewBox="0 0 20 20" fill="none" stroke="currentColor" strokeWidth="1.4">
            <path d="M1.5 16.5 7 6l3.2 5.6L12.5 8l6 8.5Z" strokeLinejoin="round" />
        </svg>
    );
}
