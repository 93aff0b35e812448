import { flagField, integerField, numberField, objectField, sectionField } from "../base/fieldTable.js";
import { WORLD_OPTIONS } from "../options/worldOptionTable.js";
import { MAX_LEVEL } from "../space/chunkAddress.js";

/** What `TerrainCore.addSink` takes for a sink. */
export const SINK = objectField({
    type: "sink",
    methods: ["upload", "release"],
    isRequired: true,
    meaning: "takes chunks",
    allowed: "a ChunkSink",
    remedy: "Pass an object with upload(address, bytes) and release(handle).",
});

/** What `TerrainCore.addSink` takes beside it. */
export const NEARBY = sectionField({
    isRequired: true,
    meaning: "which chunks the sink gets",
    allowed: "an object with radius and viewers",
    remedy: "Pass { radius: 100, viewers: [{ position }] }.",
    fields: {
        radius: numberField({
            unit: "m",
            minimum: 0,
            maximum: Number.MAX_VALUE,
            isRequired: true,
            meaning: "how far around each viewer, over the ground",
        }),
        level: integerField({ minimum: 0, maximum: MAX_LEVEL, default: 0, meaning: "the level of the chunks" }),
        viewers: { ...WORLD_OPTIONS.viewers, isRequired: true, meaning: "positions that need chunks around them" },
    },
});

/** What `TerrainCore.regenerate` takes. */
export const REGENERATE = sectionField({
    meaning: "how all ground comes again",
    fields: { cold: flagField({ default: false, meaning: "whether all ground goes at once" }) },
});
