/**
 * Who imports whom in `src/`: a room, and the rooms that it may import. What those may import it may import too.
 * `room/file` admits that one file and opens no further room. docs/adr/0001-arrows.md gives the reasons.
 * @type {Record<string, string[]>}
 */
export const ARROWS = {
    inspector: ["babylon", "profiler"],
    babylon: ["runtime"],
    cli: ["baker"],
    baker: ["scheduler", "bake", "store", "kernels", "memory"],
    runtime: ["streaming", "lod", "scheduler", "store", "memory", "bake", "generators"],
    worker: ["bake"],
    scheduler: ["bake/protocol", "bake/plan", "memory", "space", "kernels/kernelModule"],
    bake: ["generators", "meshing", "format"],
    meshing: ["generators", "format"],
    generators: ["kernels"],
    kernels: ["seed", "space", "recipe", "memory"],
    store: ["format"],
    format: ["space", "recipe"],
    streaming: ["lod", "space"],
    lod: ["space"],
    seed: [],
    space: [],
    recipe: [],
    memory: [],
    base: [],
    profiler: ["base"],
};

/** Rooms that every room but themselves may import. */
export const GROUND = ["base", "profiler"];

/**
 * Packages that only some rooms may import. A room that is not named here imports none of them, so that a worker never
 * loads an engine and the engine's peers stay optional.
 * @type {{ name: string, pattern: string, rooms: string[] }[]}
 */
export const PACKAGES = [
    { name: "@babylonjs/core", pattern: "^@babylonjs/core(/|$)", rooms: ["babylon", "inspector"] },
    { name: "other packages of @babylonjs", pattern: "^@babylonjs/(?!core(/|$))", rooms: ["inspector"] },
    { name: "react", pattern: "^react(-dom)?(/|$)", rooms: ["inspector"] },
    { name: "workerpool", pattern: "^workerpool(/|$)", rooms: ["scheduler", "worker"] },
];

/**
 * All that a room may import: rooms, and single files as `room/file`.
 * @param {string} room
 * @returns {string[]}
 */
export function allowedRooms(room) {
    const found = new Set(GROUND.includes(room) ? [] : GROUND);
    const open = [...ARROWS[room]];
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
        if (!found.has(name)) {
            found.add(name);
            open.push(...(ARROWS[name] ?? []));
        }
    }
    return [...found].sort();
}

/** The arrows as zones of the lint rule `import-x/no-restricted-paths`. */
export function restrictedZones() {
    return Object.keys(ARROWS).map((room) => {
        const allowed = allowedRooms(room);
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
