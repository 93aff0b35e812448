import { useCallback, useState } from "react";
import {
    Accordion,
    AccordionSection,
    SwitchPropertyLine,
    TextPropertyLine,
    useObservableState,
    usePollingObservable,
} from "@babylonjs/inspector";
import type { InspectedWorld } from "./inspectedWorld.js";
import { readSections, type Section } from "./sections.js";
import { switchesOf, type Switch } from "./switches.js";

/** Fast enough to read as live, slow enough to cost a frame nothing. */
const POLL_MS = 250;

/** Everything about a world, live. Polls only while it is mounted; a hidden pane is not. */
export function TerranePane({ world }: { world: InspectedWorld }) {
    const poll = usePollingObservable(POLL_MS);
    const read = useCallback((): Section[] => (world.isDisposed ? [] : readSections(world)), [world]);
    const sections = useObservableState(read, poll);
    const [switches] = useState(() => switchesOf(world));

    if (sections.length === 0) {
        return <TextPropertyLine label="World" value="disposed" />;
    }
    return (
        <Accordion>
            {sections.map(({ title, rows }) => (
                <AccordionSection key={title} title={title}>
                    {rows.map(({ label, value }) => (
                        <TextPropertyLine key={label} label={label} value={value} />
                    ))}
                </AccordionSection>
            ))}
            {switches.length > 0 && (
                <AccordionSection key="Controls" title="Controls">
                    {switches.map((control) => (
                        <SwitchLine key={control.label} control={control} />
                    ))}
                </AccordionSection>
            )}
        </Accordion>
    );
}

function SwitchLine({ control }: { control: Switch }) {
    const [value, setValue] = useState(control.read);
    const onChange = (next: boolean) => {
        control.write(next);
        setValue(control.read());
    };
    return (
        <SwitchPropertyLine label={control.label} description={control.description} value={value} onChange={onChange} />
    );
}

/** A ridge line, for the pane's tab. */
export function TerraneIcon() {
    return (
        <svg width="20" height="20" viewBox="0 0 20 20" fill="none" stroke="currentColor" strokeWidth="1.4">
            <path d="M1.5 16.5 7 6l3.2 5.6L12.5 8l6 8.5Z" strokeLinejoin="round" />
        </svg>
    );
}
