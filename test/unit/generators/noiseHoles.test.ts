import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

import { makeNoise2D, makeNoise3D } from "open-simplex-noise";

const root = path.resolve(import.meta.dirname, "../../..");

function sourcesUnder(directory: string): string[] {
    return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
        const file = path.join(directory, entry.name);
        return entry.isDirectory() ? sourcesUnder(file) : /\.tsx?$/.test(entry.name) ? [file] : [];
    });
}

/** Numbers from 0 to 1, the same each run. Source: Vigna, splitmix; here with 32 bits. */
function randomFrom(seed: number): () => number {
    let state = seed;
    return () => {
        state = (state + 0x9e3779b9) >>> 0;
        let hash = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
        hash = Math.imul(hash ^ (hash >>> 15), 0x735a2d97);
        return ((hash ^ (hash >>> 15)) >>> 0) / 2 ** 32;
    };
}

describe("holes of open-simplex-noise", () => {
    test("its 3D function is 0 at single points of an otherwise smooth place", () => {
        const noise = makeNoise3D(1234);
        const [x, y, z] = [1.8599999999999999, 0.86, 2.44] as const;
        expect(noise(x, y, z)).toBe(0);
        for (const [dx, dy, dz] of [
            [1e-9, 0, 0],
            [0, 1e-9, 0],
            [0, 0, 1e-9],
        ] as const) {
            expect(Math.abs(noise(x + dx, y + dy, z + dz))).toBeGreaterThan(0.05);
        }
    });

    test("so src imports nothing but its 2D function", () => {
        const imports: string[] = [];
        for (const file of sourcesUnder(path.join(root, "src"))) {
            for (const match of readFileSync(file, "utf8").matchAll(
                /^import\s([^;]*?)\sfrom\s+"open-simplex-noise";/gm,
            )) {
                imports.push(match[1]!.replace(/\s+/g, " "));
            }
        }
        expect(imports.length).toBeGreaterThan(0);
        expect(new Set(imports)).toEqual(new Set(["{ makeNoise2D }"]));
        const others = sourcesUnder(path.join(root, "src")).filter((file) =>
            /(?:require|import)\(\s*["']open-simplex-noise|from\s+'open-simplex-noise|makeNoise[34]D/.test(
                readFileSync(file, "utf8"),
            ),
        );
        expect(others).toEqual([]);
    });

    // Stretched, the corners are (i - 0.211 (i + j), j - 0.211 (i + j)): there and on the lines between them the 2D
    // function decides between cells, and a decision that misses would show as a jump.
    test.each([1, 1234, 20261125])(
        "its 2D function has none: 10^5 points at and beside corners and edges, seed %i",
        (seed) => {
            const noise = makeNoise2D(seed);
            const random = randomFrom(seed);
            const squash = (1 / Math.sqrt(3) - 1) / 2;
            let worstJump = 0;
            let worstBend = 0;
            for (let i = 0; i < 100_000; i++) {
                const a = Math.floor(random() * 2000) - 1000;
                const b = Math.floor(random() * 2000) - 1000;
                // Corners, the edges along both axes, and the diagonal that halves a cell.
                const kind = i % 4;
                const along = kind === 0 ? 0 : random();
                const u = a + (kind === 2 ? 0 : along);
                const v = b + (kind === 1 ? 0 : kind === 3 ? 1 - along : along);
                const x = u + squash * (u + v);
                const z = v + squash * (u + v);
                const here = noise(x, z);
                const [dx, dz] = [(random() - 0.5) * 2e-6, (random() - 0.5) * 2e-6];
                const ahead = noise(x + dx, z + dz);
                const behind = noise(x - dx, z - dz);
                worstJump = Math.max(worstJump, Math.abs(ahead - here), Math.abs(behind - here));
                worstBend = Math.max(worstBend, Math.abs(ahead - 2 * here + behind));
            }
            // The steepest slope is about 5: a millionth of a cell moves the value by no more than that.
            expect(worstJump).toBeLessThan(1e-5);
            expect(worstBend).toBeLessThan(1e-9);
        },
    );

    test.each([1, 1234, 20261125])(
        "its 2D function is exactly 0 at corners alone, where its slope is not, seed %i",
        (seed) => {
            const noise = makeNoise2D(seed);
            const random = randomFrom(seed + 1);
            let zeros = 0;
            for (let i = 0; i < 100_000; i++) {
                // Decimal fractions with two digits, as those at which the 3D function fails.
                const x = Math.floor(random() * 100_000) / 100;
                const z = Math.floor(random() * 100_000) / 100 + 0.01;
                if (noise(x, z) === 0) {
                    zeros++;
                    const slope = Math.max(Math.abs(noise(x + 1e-4, z)), Math.abs(noise(x, z + 1e-4)));
                    expect(slope).toBeGreaterThan(1e-6);
                }
            }
            expect(zeros).toBeLessThan(10);
        },
    );
});
