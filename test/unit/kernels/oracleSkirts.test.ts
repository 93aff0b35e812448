import { coverRock, type OutlineEdge, type PlanePoint } from "../../oracle/rockSweep.js";
import { addSkirts, uprightEdges } from "../../oracle/skirts.js";
import { createSurfaceMesh, pushTriangle, reserveVertices, type SurfaceMesh } from "../../oracle/surfaceMesh.js";
import { Random, testSeed } from "../../support/randomRecipe.js";

const SIDE = 64;
const seed = testSeed();

/** Level ground that fills the chunk, in four by four squares. */
function square(): SurfaceMesh {
    const mesh = createSurfaceMesh();
    reserveVertices(mesh, 25);
    mesh.vertexCount = 25;
    for (let vertex = 0; vertex < 25; vertex++) {
        mesh.position.set([16 * (vertex % 5), 100, 16 * Math.floor(vertex / 5)], vertex * 3);
        mesh.normal[vertex * 3 + 1] = 1;
    }
    for (let cell = 0; cell < 16; cell++) {
        const low = (cell % 4) + 5 * Math.floor(cell / 4);
        pushTriangle(mesh, low, low + 1, low + 6);
        pushTriangle(mesh, low, low + 6, low + 5);
    }
    return mesh;
}

/** Twice the area of a triangle, in the plane; above 0 where its corners run counter-clockwise. */
function twiceArea(a: PlanePoint, b: PlanePoint, c: PlanePoint): number {
    return (b.u - a.u) * (c.y - a.y) - (b.y - a.y) * (c.u - a.u);
}

test("skirts hang from every border edge down to a rim of dark rock, as low as any column beside it asks for", () => {
    const mesh = square();
    addSkirts(mesh, SIDE, { rimAt: (_, i) => (i === 5 ? 60 : 80.5), resolution: 16 });
    const surfaceEnd = 16 * 6;
    // Five vertices of the rim on each side.
    expect(mesh.vertexCount).toBe(25 + 4 * 5);
    for (let vertex = 25; vertex < mesh.vertexCount; vertex++) {
        const i = (vertex - 25) % 5;
        expect(mesh.position[vertex * 3 + 1]).toBe(i === 1 || i === 2 ? 60 : 80);
        expect([...mesh.weights.subarray(vertex * 4 + 2, vertex * 4 + 4)]).toEqual([1, 0]);
    }
    // A polygon of ten corners on each side.
    expect(mesh.indexCount).toBe(surfaceEnd + 4 * 8 * 3);
    const at = (vertex: number, axis: number): number => mesh.position[vertex * 3 + axis]!;
    for (let i = surfaceEnd; i < mesh.indexCount; i += 3) {
        const [a, b, c] = [mesh.indices[i]!, mesh.indices[i + 1]!, mesh.indices[i + 2]!];
        // A front's normal, in Babylon's left-handed default, points out of the chunk: here to where x and z of all corners agree.
        const [ux, uy, uz] = [0, 1, 2].map((axis) => at(b, axis) - at(a, axis)) as [number, number, number];
        const [vx, vy, vz] = [0, 1, 2].map((axis) => at(c, axis) - at(a, axis)) as [number, number, number];
        const front = [-(uy * vz - uz * vy), -(uz * vx - ux * vz), -(ux * vy - uy * vx)];
        const axis = [0, 2].find((axis) => at(a, axis) === at(b, axis) && at(a, axis) === at(c, axis))!;
        expect(Math.sign(front[axis]!)).toBe(at(a, axis) === 0 ? -1 : 1);
        expect(front.filter((part) => part !== 0)).toHaveLength(1);
    }
});

/** Outlines of random rock on a grid of samples, as marching squares cuts them, with a rim of rock below and air above. */
function randomOutlines(random: Random): OutlineEdge[] {
    const [cells, rows, step] = [16, 12, 8];
    const share = random.between(0.2, 0.8);
    const isRock = Array.from({ length: rows + 1 }, (_, y) =>
        Array.from({ length: cells + 1 }, () => y === 0 || (y < rows && random.next() < share)),
    );
    const points = new Map<string, PlanePoint>();
    // A vertex on an edge of the grid, which rounding may bring to its end.
    const pointOn = (x: number, y: number, isUpright: boolean): PlanePoint => {
        const key = `${x} ${y} ${isUpright}`;
        const at = random.whole(0, step);
        const point = points.get(key) ?? {
            u: x * step + (isUpright ? 0 : at),
            y: y * step + (isUpright ? at : 0),
            vertex: points.size,
        };
        points.set(key, point);
        return point;
    };
    const edges: OutlineEdge[] = [];
    for (let y = 0; y < rows; y++) {
        for (let x = 0; x < cells; x++) {
            // Counter-clockwise from the low corner, and the grid's edge from each corner to the next.
            const corners = [isRock[y]![x]!, isRock[y]![x + 1]!, isRock[y + 1]![x + 1]!, isRock[y + 1]![x]!];
            const between = [
                () => pointOn(x, y, false),
                () => pointOn(x + 1, y, true),
                () => pointOn(x, y + 1, false),
                () => pointOn(x, y, true),
            ];
            for (let i = 0; i < 4; i++) {
                if (corners[i]! && !corners[(i + 1) % 4]!) {
                    let end = i + 1;
                    while (!corners[(end + 1) % 4]!) {
                        end++;
                    }
                    // From a run of air's end back to where it begins: rock lies to the right.
                    edges.push({ from: between[end % 4]!(), to: between[i]!() });
                }
            }
        }
    }
    const low = Array.from({ length: cells / 4 + 1 }, (_, k) => ({
        u: k * 4 * step,
        y: -random.whole(1, 20),
        vertex: 10_000 + k,
    }));
    const [left, right] = [uprightEdges(edges, low[0]!), uprightEdges(edges, low.at(-1)!)];
    for (let k = 1; k < low.length; k++) {
        edges.push({ from: low[k]!, to: low[k - 1]! });
    }
    edges.push(...left.map(([from, to]) => ({ from, to })), ...right.map(([to, from]) => ({ from, to })));
    return edges;
}

test(`a sweep covers all rock within outlines, each place once, in 500 of them (seed ${seed})`, () => {
    const random = new Random(seed ^ 0x5eeb);
    let triangles = 0;
    for (let i = 0; i < 500; i++) {
        const edges = randomOutlines(random);
        const corners = new Set(edges.flatMap(({ from, to }) => [from, to]));
        let covered = 0;
        let isSound = true;
        coverRock(edges, (a, b, c) => {
            const area = twiceArea(a, b, c);
            isSound &&= area > 0 && corners.has(a) && corners.has(b) && corners.has(c);
            covered += area;
            triangles++;
        });
        expect(isSound).toBe(true);
        // What an outline encloses, by Gauss: rock lies to the right of its edges.
        const enclosed = edges.reduce((sum, { from, to }) => sum - (from.u * to.y - to.u * from.y), 0);
        expect(covered).toBe(enclosed);
    }
    expect(triangles).toBeGreaterThan(50_000);
});
