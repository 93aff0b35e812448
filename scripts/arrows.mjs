import path from "node:path";

/**
 * Who imports whom in `src/`: a room, and all that it imports. `room/file` is that one file. An arrow is what imports are,
 * not a permission: one that no import uses fails the check, as does an import without an arrow.
 * docs/adr/0001-arrows.md gives the reasons.
 * @type {Record<string, string[]>}
 */
export const ARROWS = {
    inspector: ["babylon", "options", "space"],
    environment: ["babylon"],
    babylon: ["runtime", "options", "space", "recipe", "format", "meshing", "memory", "textures"],
    cli: ["baker", "bake/plan", "store", "recipe", "space"],
    baker: [
        "options",
        "scheduler",
        "bake",
        "store",
        "format",
        "meshing",
        "memory",
        "kernels/kernelError",
        "recipe",
        "space",
    ],
    runtime: [
        "options",
        "streaming",
        "lod",
        "residency",
        "scheduler",
        "memory",
        "generators/fieldSampler",
        "bake/bakeBatch",
        "bake/generatorVersion",
        "kernels",
        "format/chunkData",
        "format/manifest",
        "store",
        "meshing",
        "recipe",
        "space",
        "textures",
    ],
    worker: ["bake", "store", "textures"],
    scheduler: ["bake/protocol", "kernels/kernelModule", "memory/bufferPool", "space"],
    bake: ["generators", "meshing", "format", "kernels", "recipe", "space"],
    meshing: ["format", "recipe"],
    generators: ["kernels/kernelConstants", "kernels/kernels", "seed", "memory", "recipe", "space"],
    kernels: [],
    store: ["format", "memory/byteLru", "recipe", "space"],
    format: ["recipe", "space"],
    streaming: ["lod", "space"],
    lod: ["residency/chunkRecord", "space"],
    residency: ["memory", "space"],
    options: [],
    seed: [],
    space: [],
    recipe: ["space"],
    textures: [],
    memory: [],
    base: [],
    profiler: ["base"],
};

/** Rooms that every room may import, without an arrow. Between themselves they need one. */
export const GROUND = ["base", "profiler"];

/**
 * Packages that only some rooms may import. A room that is not named here imports none of them, so that a worker never
 * loads an engine and the engine's peers stay optional.
 * @type {{ name: string, pattern: string, rooms: string[] }[]}
 */
export const PACKAGES = [
    { name: "@babylonjs/core", pattern: "^@babylonjs/core(/|$)", rooms: ["babylon", "environment", "inspector"] },
    { name: "other packages of @babylonjs", pattern: "^@babylonjs/(?!core(/|$))", rooms: ["inspector"] },
    { name: "react", pattern: "^react(-dom)?(/|$)", rooms: ["inspector"] },
    { name: "workerpool", pattern: "^workerpool(/|$)", rooms: ["scheduler", "worker"] },
];

/**
 * Returns all that a room may import: rooms, and single files as `room/file`.
 * @param {string} room
 * @returns {string[]}
 */
export function allowedFor(room, arrows = ARROWS) {
    return [...(GROUND.includes(room) ? [] : GROUND), ...(arrows[room] ?? [])].sort();
}

/** Returns the arrows as zones of the lint rule `import-x/no-restricted-paths`. */
export function restrictedZones() {
    return Object.keys(ARROWS).map((room) => {
        const allowed = allowedFor(room);
        return {
            target: `./src/${room}`,
            from: "./src",
            except: [room, ...allowed.map((name) => (name.includes("/") ? `${name}.ts` : name))].map((at) => `./${at}`),
            message:
                ` The arrows let ${room} import ${allowed.length > 0 ? `only ${allowed.join(", ")}` : "no other room"}:` +
                " see scripts/arrows.mjs.",
        };
    });
}

/**
 * Compares the arrows with the imports that there are.
 * @param {Map<string, string[]>} imports as `readImports` returns them; files beside the rooms are the package's entries,
 *   which import any room and are imported by none
 * @returns {string[]} a line for each import without an arrow and for each arrow and room without a use
 */
export function faultsOfArrows(imports, arrows = ARROWS) {
    const faults = [];
    const unused = new Set(
        Object.keys(arrows).flatMap((room) => [room, ...arrows[room].map((to) => `${room} -> ${to}`)]),
    );
    for (const [file, targets] of imports) {
        const room = roomOf(file);
        if (room === null) {
            continue;
        }
        unused.delete(room);
        for (const target of targets) {
            const to = roomOf(target);
            const arrow = [to, target.slice(0, -path.extname(target).length)].find((name) =>
                allowedFor(room, arrows).includes(name),
            );
            if (arrow !== undefined) {
                unused.delete(`${room} -> ${arrow}`);
            } else if (to !== room) {
                faults.push(`${file} imports ${target}, to which ${room} has no arrow`);
            }
        }
    }
    return [...faults, ...[...unused].map((name) => `${name} is in the arrows, and nothing in src/ is of it`)];
}

/** Returns the room of a file of `src/`; null where it lies beside the rooms. */
function roomOf(file) {
    return file.includes("/") ? file.slice(0, file.indexOf("/")) : null;
}

/**
 * Fills the arrows into the table of rooms of ARCHITECTURE.md, a row `| room | what it holds | imports |` each.
 * @param {string} text the page
 * @returns {{ text: string, faults: string[] }} the page with the arrows as they are, and a line for each room that is
 *   missing or unknown
 */
export function withArrows(text, arrows = ARROWS) {
    const rooms = new Set();
    const filled = text.replace(/^\| `(\w+)` \| ([^|]*) \|[^|\n]*\|$/gm, (_, room, holds) => {
        rooms.add(room);
        const imports = (arrows[room] ?? []).map((name) => `\`${name}\``).join(", ");
        return `| \`${room}\` | ${holds} | ${imports}${imports === "" ? "" : " "}|`;
    });
    const missing = Object.keys(arrows).filter((room) => !rooms.has(room));
    const unknown = [...rooms].filter((room) => !(room in arrows));
    return {
        text: filled,
        faults: [
            ...missing.map((room) => `ARCHITECTURE.md does not say what ${room} holds`),
            ...unknown.map((room) => `ARCHITECTURE.md tells of ${room}, and there is no such room`),
        ],
    };
}
