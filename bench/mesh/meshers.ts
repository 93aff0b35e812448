import { BenchThread } from "../common/benchThread.js";
import { median } from "../common/statistics.js";
import { compareSurfaces, type SurfaceGap } from "./compareSurfaces.js";
import { MESHERS, VOLUMES, type Mesh, type MesherKind, type MeshRequest, type MeshResponse } from "./meshJob.js";

const ROUNDS = 9;
/** Milliseconds of one contender's share of a round. */
const ROUND_MS = 400;
const WARM_UP_MS = 1000;
/** How far a rival's count of triangles may be from ours. Tetrahedra make more by their nature. */
const TOLERANCE = 0.1;
/** The oracle leaves ground that caves do not touch uncut, where what is given is meshed whole. It is no rival. */
const ORACLE_TOLERANCE = 0.15;
/** Samples. Surface nets leave out half a cell at the volume's sides. */
const SIDE_MARGIN = 1;

export interface MesherResult {
    readonly kind: MesherKind;
    readonly name: string;
    /** Milliseconds a volume: median of the rounds. */
    readonly ms: number;
    /** Triangles a volume. */
    readonly triangles: number;
    readonly trianglesPerSecond: number;
    /** Speed over the fastest of the package's meshers: median of the rounds' ratios. */
    readonly ratio: number;
    /** How far it lies from our surface, in samples. */
    readonly gap: SurfaceGap;
}

class Contender {
    /** Milliseconds a volume, round by round. */
    public readonly ms: number[] = [];
    public triangles = 0;
    public mesh: Mesh | null = null;
    /** Passes that take about ROUND_MS. */
    private _passes = 1;
    private readonly _thread: BenchThread<MeshRequest, MeshResponse>;

    public constructor(
        public readonly kind: MesherKind,
        wasmUrl: string,
    ) {
        this._thread = new BenchThread("meshThread.mjs", { kind, wasmUrl });
    }

    /** Fetches the first volume's mesh; then runs until the engine has compiled what it will, and the rate is known. */
    public async warmUpAsync(): Promise<void> {
        this.mesh = (await this._thread.runAsync({ passes: 0 })).mesh;
        let spentMs = 0;
        while (spentMs < WARM_UP_MS) {
            const { ms, triangles } = await this._thread.runAsync({ passes: this._passes });
            this.triangles = triangles / (this._passes * VOLUMES);
            spentMs += ms;
            this._passes = Math.max(1, Math.round((this._passes * ROUND_MS) / Math.max(ms, 1)));
        }
    }

    public async runRoundAsync(): Promise<void> {
        const { ms } = await this._thread.runAsync({ passes: this._passes });
        this.ms.push(ms / (this._passes * VOLUMES));
    }

    public disposeAsync(): Promise<void> {
        return this._thread.disposeAsync();
    }
}

/** Measures all contenders on the same volumes, in turn, so that what else the machine does affects all alike. */
export async function measureMeshersAsync(wasmUrl: string): Promise<MesherResult[]> {
    const contenders = (Object.keys(MESHERS) as MesherKind[]).map((kind) => new Contender(kind, wasmUrl));
    try {
        for (const contender of contenders) {
            await contender.warmUpAsync();
        }
        const ours = contenders.find(({ kind }) => kind === "terrane")!;
        const gaps = contenders.map((contender) => compareSurfaces(contender.mesh!, ours.mesh!, SIDE_MARGIN));
        contenders.forEach((contender, i) => assertSameJob(contender, gaps[i]!, ours));
        for (let round = 0; round < ROUNDS; round++) {
            for (const contender of contenders) {
                await contender.runRoundAsync();
            }
        }
        const rivals = contenders.filter(({ kind }) => kind !== "terrane" && kind !== "oracle");
        const fastest = rivals.reduce((best, rival) => (median(rival.ms) < median(best.ms) ? rival : best));
        return contenders.map(({ kind, ms, triangles }, i) => ({
            kind,
            name: MESHERS[kind],
            ms: median(ms),
            triangles,
            trianglesPerSecond: (triangles / median(ms)) * 1000,
            ratio: median(ms.map((each, round) => fastest.ms[round]! / each)),
            gap: gaps[i]!,
        }));
    } finally {
        await Promise.all(contenders.map((contender) => contender.disposeAsync()));
    }
}

/** Checks that a contender makes our surface, to within a cell, out of about as many triangles. */
function assertSameJob({ kind, triangles }: Contender, gap: SurfaceGap, ours: Contender): void {
    if (!(gap.largest <= 1)) {
        throw new Error(`The surface of ${MESHERS[kind]} lies more than a cell from ours: the comparison is not fair.`);
    }
    const ratio = triangles / ours.triangles;
    const tolerance = kind === "oracle" ? ORACLE_TOLERANCE : TOLERANCE;
    if (!(ratio > 1 - tolerance) || (kind !== "marchingTetrahedra" && !(ratio < 1 + TOLERANCE))) {
        throw new Error(`${MESHERS[kind]} makes ${ratio.toFixed(2)} times our triangles: the comparison is not fair.`);
    }
}
