import { Presets } from "../../src/index.js";
import { findLandscapeView } from "../common/landscapeView.js";
import { openSampleAsync } from "../common/openSample.js";

// A world is a recipe that runs. This one has every default: continents, mountains, valleys, a sea, and caves that open
// to the surface. Ground streams around the camera wherever it goes.
await openSampleAsync({
    title: "Endless",
    createRecipe: (seed) => Presets.endless({ seed }),
    findView: findLandscapeView,
});
