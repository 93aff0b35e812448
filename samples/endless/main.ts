import { Presets } from "../../src/index.js";
import { findLandscapeView } from "../common/landscapeView.js";
import { openSampleAsync } from "../common/openSample.js";

// A world is a recipe that runs. This one has every default: continents, mountains, valleys, a sea, and caves that open
// to the surface. Ground streams around the camera wherever it goes.
const isKept = new URLSearchParams(location.search).get("store") === "browser";

await openSampleAsync({
    title: "Endless",
    createRecipe: (seed) => Presets.endless({ seed }),
    // `?store=browser` keeps in the browser's database whatever was baked: the next visit finds it there.
    stores: isKept ? { store: "browser", storeBakes: true } : {},
    findView: findLandscapeView,
});
