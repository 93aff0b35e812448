// Exchanges of levels before a camera that stands still: `window.pops` says by how much the picture changes from frame to frame,
// and draws two landscapes over each other.
import { passAsync, type Pass, type PassSetup } from "../../pops/pass.js";
import { overlayAsync, type Overlay, type OverlaySetup } from "../../pops/overlay.js";

declare global {
    interface Window {
        pops: {
            passAsync(setup: PassSetup): Promise<Pass>;
            overlayAsync(setup: OverlaySetup): Promise<Overlay>;
        };
    }
}

window.pops = { passAsync, overlayAsync };
