/** A place to look from. */
export interface View {
    /** Metres. */
    readonly x: number;
    readonly y: number;
    readonly z: number;
    /** Degrees, clockwise from +z as seen from above. */
    readonly yaw: number;
    /** Degrees, positive looks up. */
    readonly pitch: number;
}

/** What a sample's address asks for. */
export interface QueryOptions {
    readonly seed: number | string;
    /** Whether Babylon's inspector is opened. */
    readonly inspector: boolean;
    readonly hud: boolean;
    /** Threads that bake; undefined leaves the choice to the library. */
    readonly workers: number | undefined;
    /** Whether nothing moves, nothing lies over the picture, and drawing ends once the picture is complete. */
    readonly still: boolean;
    /** Hours; undefined leaves the time of day to the library. */
    readonly time: number | undefined;
    /** How much the picture may cost; undefined leaves it to the library. */
    readonly quality: "low" | "medium" | "high" | undefined;
    /** Where to start; null lets the sample find a good place. */
    readonly view: View | null;
}

const DEFAULT_SEED = 1;
const LARGEST_SEED = 2 ** 32 - 1;

export function readQueryOptions(search: string): QueryOptions {
    const query = new URLSearchParams(search);
    const still = query.get("still") === "1";
    return {
        seed: readSeed(query.get("seed")),
        inspector: query.get("inspector") === "1",
        hud: query.get("hud") !== "0" && !still,
        workers: readWorkers(query.get("workers")),
        still,
        time: readTime(query.get("time")),
        quality: readQuality(query.get("quality")),
        view: readView(query),
    };
}

/** What links keep of an address beside seed and view. */
const KEPT = ["inspector", "workers", "source", "bake", "bakes", "time", "quality"];

/** Returns the address of this page that leads to the same view, and to the same seed where there is one. */
export function linkTo(seed: number | string | null, view: View | null): string {
    const url = new URL(location.href);
    const keep = KEPT.map((name) => [name, url.searchParams.get(name)] as const);
    url.search = "";
    if (seed !== null) {
        url.searchParams.set("seed", String(seed));
    }
    if (view !== null) {
        for (const [name, digits] of Object.entries({ x: 1, y: 1, z: 1, yaw: 2, pitch: 2 })) {
            url.searchParams.set(name, String(Number(view[name as keyof View].toFixed(digits))));
        }
    }
    for (const [name, value] of keep) {
        if (value !== null) {
            url.searchParams.set(name, value);
        }
    }
    return url.href;
}

function readSeed(text: string | null): number | string {
    if (text === null || text.trim() === "") {
        return DEFAULT_SEED;
    }
    return /^\d{1,10}$/.test(text) && Number(text) <= LARGEST_SEED ? Number(text) : text;
}

function readWorkers(text: string | null): number | undefined {
    const workers = text === null || text === "" ? Number.NaN : Number(text);
    return Number.isInteger(workers) && workers >= 0 && workers <= 64 ? workers : undefined;
}

/** Times of day that have a name, in hours: those of the sun in the library's default latitude and season. */
const TIMES: Readonly<Record<string, number>> = { noon: 12.5, "low-sun": 17.2, dusk: 18.25, night: 22 };

function readTime(text: string | null): number | undefined {
    const hours = text === null || text === "" ? Number.NaN : (TIMES[text] ?? Number(text));
    return hours >= 0 && hours <= 24 ? hours : undefined;
}

function readQuality(text: string | null): QueryOptions["quality"] {
    return text === "low" || text === "medium" || text === "high" ? text : undefined;
}

function readView(query: URLSearchParams): View | null {
    const read = (name: string): number => Number(query.get(name) ?? Number.NaN);
    const view = { x: read("x"), y: read("y"), z: read("z"), yaw: read("yaw") || 0, pitch: read("pitch") || 0 };
    return Number.isFinite(view.x + view.y + view.z + view.yaw + view.pitch) ? view : null;
}
