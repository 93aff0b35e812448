import type { InspectedWorld } from "./inspectedWorld.js";

/** A control of the pane that acts at once. */
export interface Switch {
    readonly label: string;
    readonly description: string;
    read(): boolean;
    write(value: boolean): void;
}

/** The switches of a world; one that the world does not have is left out. */
export function switchesOf(world: InspectedWorld): Switch[] {
    const switches: Switch[] = [];
    if (world.isStreamingPaused !== undefined) {
        switches.push({
            label: "Pause streaming",
            description: "Nothing new is requested, uploaded or shown.",
            read: () => world.isStreamingPaused ?? false,
            write: (value) => (world.isStreamingPaused = value),
        });
    }
    if (world.isSelectionFrozen !== undefined) {
        switches.push({
            label: "Freeze selection",
            description: "Levels stay as they are: fly away and look at them from outside.",
            read: () => world.isSelectionFrozen ?? false,
            write: (value) => (world.isSelectionFrozen = value),
        });
    }
    const material = world.material;
    if (material !== undefined && material !== null) {
        switches.push({
            label: "Wireframe",
            description: "Draws the chunks' edges alone.",
            read: () => material.wireframe,
            write: (value) => (material.wireframe = value),
        });
    }
    return switches;
}
