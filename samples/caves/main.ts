import { Presets } from "../../src/index.js";
import { findCaveMouthView } from "../common/caveMouthView.js";
import { findLandscapeView } from "../common/landscapeView.js";
import { openSampleAsync } from "../common/openSample.js";

// Caves and land are one surface: where a tunnel meets the open, the mesh simply goes on. `world.sampleDensity` tells
// rock from air anywhere, loaded or not, which is how this page finds its first cave mouth and keeps one out of the rock.
await openSampleAsync({
    title: "Caves",
    createRecipe: (seed) => Presets.caves({ seed, caves: { radius: 8 } }),
    findView: (ground, seaLevel) => findCaveMouthView(ground, seaLevel) ?? findLandscapeView(ground, seaLevel),
});
