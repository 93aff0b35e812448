import { openSampleAsync } from "../common/openSample.js";
import { addStoresPanel } from "./storesPanel.js";

// An archipelago that was baked ahead of time, as `npx terrane bake samples/recipes/baked.json --pack` does it: a folder of
// small files, and all of them once more in one packed file. Any static server will do for either; of the packed one it is
// asked for parts. `?source=archive` streams from that, and `?bake=ADDRESS` from a bake that lies elsewhere.
const query = new URLSearchParams(location.search);
const files = { files: "bakes/archipelago/", archive: "bakes/archipelago/bake.pmtiles" };
const bakedUrl = query.get("bake") ?? files[query.get("source") === "archive" ? "archive" : "files"];

await openSampleAsync({
    title: "Baked",
    stores: {
        // The bake knows its recipe. (A seed in this page's address means nothing: what is baked is baked.)
        bakedUrl,
        // What has come stays in the browser's database, and is looked for there first: visit this page again, and it comes
        // from there, whether the server is within reach or not.
        store: "browser",
        // Nothing is baked here. The ground is as fine as the bake has it, and ends where the bake ends. `?bakes=1` bakes
        // what the bake does not hold, without end.
        bakes: query.get("bakes") === "1",
    },
    // Metres: the bake reaches 4 km to all sides of its middle.
    viewDistance: 4000,
    findView: () => ({ x: 3640, y: 405, z: -3480, yaw: 170, pitch: -9 }),
    // Where chunks came from, and a button that brings all that is near into the database.
    addPanel: addStoresPanel,
});
