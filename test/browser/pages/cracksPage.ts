// Looks at worlds from wherever it is told to; `window.cracks` counts pixels that should show ground and do not.
import { CrackStage, type Finding, type Plant } from "../../cracks/crackStage.js";
import type { View } from "../../cracks/views.js";

export interface Look {
    readonly view: View;
    /** What is broken on purpose. */
    readonly plant?: Plant;
    /** Whether the picture is wanted in any case. */
    readonly keepsPicture?: boolean;
}

declare global {
    interface Window {
        cracks: {
            /** Looks at a view. Those of one world are best looked at one after another. */
            lookAsync(look: Look): Promise<Finding>;
        };
    }
}

let stage: CrackStage | null = null;

window.cracks = {
    async lookAsync({ view, plant, keepsPicture = false }) {
        const key = CrackStage.KeyOf(view, plant);
        if (stage?.key !== key) {
            await stage?.disposeAsync();
            stage = await CrackStage.CreateAsync(view, plant);
        }
        return stage.lookAsync(view, keepsPicture);
    },
};
