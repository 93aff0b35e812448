import { useState } from "react";
import {
    ButtonLine,
    MessageBar,
    SwitchPropertyLine,
    SyncedSliderPropertyLine,
    TextPropertyLine,
} from "@babylonjs/inspector";
import type { Control, SliderControl, SwitchControl } from "./controls.js";
import type { InspectedWorld } from "./inspectedWorld.js";
import type { Advice, Part, Row, Stage } from "./sections.js";

export function Rows({ rows }: { rows: readonly Row[] }) {
    return rows.map((row) => <TextPropertyLine key={row.label} {...row} />);
}

export function ControlLines({ controls }: { controls: readonly Control[] }) {
    return controls.map((control) => {
        switch (control.kind) {
            case "switch":
                return <SwitchLine key={control.label} control={control} />;
            case "slider":
                return <SliderLine key={control.label} control={control} />;
            case "action":
                return (
                    <ButtonLine
                        key={control.label}
                        label={control.label}
                        title={control.description}
                        onClick={() => control.run()}
                    />
                );
        }
    });
}

function SwitchLine({ control }: { control: SwitchControl }) {
    const [, setChanges] = useState(0);
    const onChange = (next: boolean) => {
        control.write(next);
        setChanges((changes) => changes + 1);
    };
    return (
        <SwitchPropertyLine
            label={control.label}
            description={control.description}
            value={control.read()}
            onChange={onChange}
        />
    );
}

function SliderLine({ control }: { control: SliderControl }) {
    const [, setChanges] = useState(0);
    const onChange = (next: number) => {
        // The field beside the slider says NaN while it is empty.
        if (Number.isFinite(next)) {
            control.write(next);
            setChanges((changes) => changes + 1);
        }
    };
    return (
        <SyncedSliderPropertyLine
            label={`${control.label}, ${control.unit}`}
            description={control.description}
            min={control.min}
            max={control.max}
            step={control.step}
            value={control.read()}
            onChange={onChange}
        />
    );
}

/** Draws parts of one whole side by side in one bar, with a legend. */
export function StackedBar({ parts }: { parts: readonly Part[] }) {
    return (
        <div style={{ padding: "4px 8px" }}>
            <div style={{ ...TRACK, height: 14, display: "flex" }}>
                {parts.map(({ label, share, value, color }) => (
                    <div
                        key={label}
                        title={`${label}: ${value}`}
                        style={{ background: color, width: percent(share) }}
                    />
                ))}
            </div>
            <div style={{ display: "flex", flexWrap: "wrap", gap: "2px 12px", marginTop: 4 }}>
                {parts.map(({ label, value, color }) => (
                    <span key={label} style={SMALL}>
                        <span style={{ ...SWATCH, background: color }} />
                        {label} {value}
                    </span>
                ))}
            </div>
        </div>
    );
}

/** Draws parts one below the other, each of a whole of its own. */
export function Bars({ parts }: { parts: readonly Part[] }) {
    return parts.map(({ label, share, value, color }) => (
        <Bar key={label} label={label} value={value} share={share} color={color} />
    ));
}

const SEVERITY_COLORS: Readonly<Record<Stage["severity"], string>> = {
    none: "#8a94a6",
    good: "#35c28b",
    overTarget: "#ffd93b",
    warning: "#ff9d3c",
    critical: "#ff5d5d",
};

/** Draws times against their targets: the bar is full at the target, its colour says how far over it. */
export function Stages({ stages }: { stages: readonly Stage[] }) {
    if (stages.length === 0) {
        return <TextPropertyLine label="Mean / p95" value="none yet" />;
    }
    return stages.map(({ label, value, share, severity }) => (
        <Bar key={label} label={label} value={value} share={share} color={SEVERITY_COLORS[severity]} />
    ));
}

function Bar({ label, value, share, color }: { label: string; value: string; share: number; color: string }) {
    return (
        <div style={{ padding: "2px 8px" }}>
            <div style={{ ...SMALL, display: "flex", justifyContent: "space-between" }}>
                <span>{label}</span>
                <span>{value}</span>
            </div>
            <div style={{ ...TRACK, height: 5 }}>
                <div style={{ background: color, height: "100%", width: percent(share) }} />
            </div>
        </div>
    );
}

const INTENTS = { critical: "error", warning: "warning", hint: "info" } as const;

/** Lists what to change and why, each with a button that changes it where that can be done while the world runs. */
export function AdviceLines({ world, advice }: { world: InspectedWorld; advice: readonly Advice[] }) {
    if (advice.length === 0) {
        return <TextPropertyLine label="Nothing to change" value="all within limits" />;
    }
    return advice.map(({ title, message, severity, setting, value, valueText }) => (
        <div key={title}>
            <MessageBar title={title} message={message} intent={INTENTS[severity]} />
            {setting !== null && (
                <ButtonLine
                    label={`Set ${setting} to ${valueText}`}
                    onClick={() => {
                        world[setting] = value;
                    }}
                />
            )}
        </div>
    ));
}

const SMALL = { fontSize: 11, fontVariantNumeric: "tabular-nums" } as const;
const SWATCH = { display: "inline-block", width: 8, height: 8, borderRadius: 2, marginRight: 4 } as const;
const TRACK = { background: "rgba(128, 128, 128, 0.25)", borderRadius: 3, overflow: "hidden", width: "100%" } as const;

function percent(share: number): string {
    return `${(100 * Math.min(1, Math.max(0, share))).toFixed(2)}%`;
}
