import { useCallback, useEffect, useRef, useState } from "react";
import type { IReadonlyObservable } from "@babylonjs/core/Misc/observable.js";
import type { Hitch } from "../profiler/hitches.js";
import { History, hitchNear, readFrames } from "./frameSeries.js";
import type { InspectedWorld } from "./inspectedWorld.js";
import { Rows } from "./lines.js";
import { Plot, type PlotOptions } from "./plot.js";
import { hitchRows } from "./sections.js";

/** Height in pixels. */
const HEIGHT = 130;
/** Number of rows of the latency curve: two minutes, at four a second. */
const HISTORY_LENGTH = 480;
/** Pixels around a hitch's mark that may be clicked. */
const PICK_REACH = 8;

interface GraphProps {
    readonly world: InspectedWorld;
    readonly poll: IReadonlyObservable<void>;
}

/** Draws a plot that reads its data anew with each poll, while it is mounted. */
function LivePlot({
    options,
    read,
    poll,
}: {
    options: PlotOptions;
    read: () => readonly (readonly number[])[];
    poll: IReadonlyObservable<void>;
}) {
    const element = useRef<HTMLDivElement>(null);
    useEffect(() => {
        const plot = new Plot(element.current!, options);
        plot.show(read());
        const observer = poll.add(() => plot.show(read()));
        return () => {
            observer.remove();
            plot.dispose();
        };
    }, [options, read, poll]);
    return <div ref={element} style={{ margin: "4px 8px", minHeight: HEIGHT }} />;
}

/**
 * Draws frame times with hitches marked. A click on a mark shows what ran in it; before any click the latest is shown.
 */
export function FrameGraph({ world, poll }: GraphProps) {
    const [picked, setPicked] = useState<number | null>(null);
    const chosen = useRef<number | null>(null);
    const { profiler } = world;
    const [options] = useState((): PlotOptions => {
        return {
            height: HEIGHT,
            series: [
                { label: "Frame ms", color: "#7fa7d9", isFilled: true },
                { label: "Terrane ms", color: "#ff9d3c", isFilled: true },
            ],
            limit: () => profiler.getFrameStats().budgetMs,
            marks: () => profiler.getHitches().map(({ frame }) => ({ x: frame, isChosen: frame === chosen.current })),
            onPick: (x, perPixel) => {
                const frame = hitchNear(profiler.getHitches(), x, PICK_REACH * perPixel)?.frame ?? null;
                setPicked(frame);
            },
        };
    });
    const read = useCallback(() => (world.isDisposed ? [[], [], []] : readFrames(world)), [world]);
    const hitches = profiler.getHitches();
    const hitch: Hitch | undefined = hitches.find(({ frame }) => frame === picked) ?? hitches[hitches.length - 1];
    chosen.current = hitch?.frame ?? null;
    return (
        <>
            <LivePlot options={options} read={read} poll={poll} />
            {hitch !== undefined && (
                <div style={{ borderLeft: "3px solid #ff5d5d", margin: "0 0 4px 8px" }}>
                    <Rows rows={hitchRows(hitch)} />
                </div>
            )}
        </>
    );
}

const LATENCY_OPTIONS: PlotOptions = {
    height: HEIGHT,
    series: [
        { label: "Request to picture", color: "#7fa7d9", isFilled: true },
        { label: "Queue", color: "#e0457b" },
        { label: "Bake", color: "#ffb000" },
        { label: "Wait for the budget", color: "#8fdc4a" },
    ],
};

/**
 * Draws the milliseconds from a chunk's request to its picture, and their larger parts, over the seconds since the pane
 * was opened.
 */
export function LatencyGraph({ world, poll }: GraphProps) {
    const [history] = useState(() => new History(HISTORY_LENGTH, LATENCY_OPTIONS.series.length, world.profiler.now()));
    const read = useCallback(() => {
        if (!world.isDisposed) {
            const { chunkLatencyMs, queuedMs, bakingMs, waitingMs } = world.getStats();
            history.add(world.profiler.now(), [chunkLatencyMs, queuedMs, bakingMs, waitingMs]);
        }
        return history.columns;
    }, [world, history]);
    return <LivePlot options={LATENCY_OPTIONS} read={read} poll={poll} />;
}
