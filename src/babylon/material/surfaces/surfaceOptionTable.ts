import {
    choiceField,
    flagField,
    numberField,
    sectionField,
    type Field,
    type FieldSpec,
} from "../../../base/fieldTable.js";
import { SURFACE_RULE_FIELDS } from "../../../recipe/surfaceRule.js";

/** Says that a default surface keeps what it has. */
const orOwn = (text: string): { readonly defaultText: string } => ({
    defaultText: `${text}, or a default surface's own`,
});

function pictureField(spec: FieldSpec): Field {
    return {
        type: "picture",
        allowed: "an address as text, a texture of Babylon's, or { data, width, height } with 8 bits a channel",
        remedy: "Pass the address of a picture.",
        ...spec,
        accepts: isPicture,
    };
}

function isPicture(value: unknown): boolean {
    if (typeof value === "string") {
        return value !== "";
    }
    if (typeof value !== "object" || value === null) {
        return false;
    }
    const { data, readPixels } = value as { data?: unknown; readPixels?: unknown };
    return typeof readPixels === "function" || data instanceof Uint8Array || data instanceof Uint8ClampedArray;
}

/** Pictures of a surface. */
export const SURFACE_TEXTURE_FIELDS = {
    albedo: pictureField({ isRequired: true, meaning: "colour, sRGB", notes: "Required." }),
    normal: pictureField({
        meaning: "normals in tangent space, green up as OpenGL has them",
        defaultText: "those of the heights",
    }),
    height: pictureField({
        meaning: "heights, black to white: what stands out where two surfaces meet, and what lies in a hollow",
        defaultText: "level",
    }),
    roughness: pictureField({
        meaning: "roughness, black to white, in the green channel as in glTF's",
        notes: "Its least takes the place of `roughness`.",
        defaultText: "even",
    }),
};

/** Every option of a surface: checks, docstrings and `docs/materials.md` are made from here. */
export const SURFACE_FIELDS = {
    textures: sectionField({
        meaning: "pictures that it is drawn with",
        defaultText: "a default surface's own; others must have some",
        remedy: 'Pass { albedo: "address" }.',
        fields: SURFACE_TEXTURE_FIELDS,
    }),
    tileSize: numberField({
        unit: "m",
        minimum: 0.125,
        maximum: 512,
        meaning: "side of the square that the pictures cover",
        notes: "Rounded to a power of two.",
        ...orOwn("2"),
    }),
    heightScale: numberField({
        unit: "m",
        minimum: 0,
        maximum: 10,
        meaning: "from black to white of the heights",
        defaultText: "a twentieth of `tileSize`",
    }),
    flipNormals: flagField({
        default: false,
        meaning: "whether green points down in the normals, as DirectX has it",
    }),
    color: {
        type: "color",
        meaning: "mean colour until the pictures are there: linear red, green and blue, 0 to 1",
        allowed: "three numbers from 0 to 1",
        remedy: "Pass [red, green, blue], linear.",
        ...orOwn("grey"),
        accepts: (value: unknown) =>
            Array.isArray(value) && value.length === 3 && value.every((part) => part >= 0 && part <= 1),
    },
    roughness: numberField({ minimum: 0.1, maximum: 1, meaning: "how rough it is", ...orOwn("0.8") }),
    relief: numberField({ minimum: 0, maximum: 1, meaning: "how much its normals bend light", ...orOwn("1") }),
    leaf: numberField({
        minimum: 0,
        maximum: 1,
        meaning: "share that is alive: it ripens by place, and lets light through",
        ...orOwn("0"),
    }),
    macro: choiceField({
        choices: ["meadow", "shrubs", "rockFace", "loose"],
        meaning: "what it looks like over tens of metres",
        notes: 'One of `"meadow"`, `"shrubs"`, `"rockFace"` and `"loose"`.',
        ...orOwn('`"loose"`'),
    }),
    macroColor: numberField({ minimum: 0, maximum: 1, meaning: "how much `macro` colours it", ...orOwn("0.5") }),
    macroRelief: numberField({ minimum: 0, maximum: 1, meaning: "how much `macro` bends light", ...orOwn("0.5") }),
    triplanar: flagField({
        meaning: "whether it is seen from three sides, for what stands steep: up to three times the fetches",
        ...orOwn("false"),
    }),
    rule: sectionField({
        meaning: "where it lies",
        defaultText: "where a default surface lies, or where the recipe's `materials.biomes` say",
        remedy: "Pass ranges, such as { slope: [0, 0.5] }.",
        fields: SURFACE_RULE_FIELDS,
    }),
};

/** A surface's options as one field. */
export const SURFACE = sectionField({
    meaning: "a kind of ground",
    isRequired: true,
    remedy: "Pass an object such as { textures: { albedo } }.",
    fields: SURFACE_FIELDS,
});

/** A rule as one field. */
export const RULE = SURFACE_FIELDS.rule;
