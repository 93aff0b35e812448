/** Colours of levels, finest first: warm near, cool far. Coarser levels than there are colours share the last. */
export const LEVEL_COLORS = [
    "#ff5d5d",
    "#ff9d3c",
    "#ffd93b",
    "#8fdc4a",
    "#35c28b",
    "#2fb5d6",
    "#4a7de8",
    "#8a63e0",
    "#c45bd0",
    "#9aa0ac",
] as const;

export function levelColor(level: number): string {
    return LEVEL_COLORS[Math.min(level, LEVEL_COLORS.length - 1)]!;
}
