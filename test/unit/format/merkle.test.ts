import { createHash } from "node:crypto";
import fc from "fast-check";
import { initDigestAsync } from "../../../src/base/digest.js";
import {
    hashOfParts,
    leafHash,
    merkleProofOf,
    merkleRootOf,
    squareHash,
    verifyMerkleProof,
    type HashedSquare,
} from "../../../src/format/merkle.js";
import { testSeed } from "../../support/randomRecipe.js";

beforeAll(initDigestAsync);

const seed = testSeed();
const STEPS = 5;
const SIDE = 2 ** STEPS;
const sha = (...parts: (Buffer | string)[]): string => {
    const hash = createHash("sha256");
    parts.forEach((part) => hash.update(part));
    return hash.digest("hex");
};

/** Plainly, from the top: the hash of the square at x, z whose sides are `side` long; null where it is empty. */
function plainHash(leaves: ReadonlyMap<string, string>, x: number, z: number, side: number): string | null {
    if (side === 1) {
        return leaves.get(`${x} ${z}`) ?? null;
    }
    const half = side / 2;
    const quadrants = [
        plainHash(leaves, x, z, half),
        plainHash(leaves, x + half, z, half),
        plainHash(leaves, x, z + half, half),
        plainHash(leaves, x + half, z + half, half),
    ];
    if (quadrants.every((hash) => hash === null)) {
        return null;
    }
    const mask = quadrants.reduce((bits, hash, i) => bits | (hash === null ? 0 : 1 << i), 0);
    return sha(Buffer.of(1, mask), ...quadrants.flatMap((hash) => (hash === null ? [] : [Buffer.from(hash, "hex")])));
}

const interleave = (x: number, z: number): number =>
    Array.from({ length: STEPS }, (_, bit) => (((x >> bit) & 1) | (((z >> bit) & 1) << 1)) * 4 ** bit).reduce(
        (sum, part) => sum + part,
        0,
    );
const squaresOf = (places: readonly (readonly [number, number])[]): HashedSquare[] =>
    places
        .map(([x, z]) => ({ x, z, hash: leafHash(`leaf ${x} ${z}`) }))
        .sort((a, b) => interleave(a.x, a.z) - interleave(b.x, b.z));
const places = fc.uniqueArray(fc.tuple(fc.nat(SIDE - 1), fc.nat(SIDE - 1)), {
    minLength: 1,
    maxLength: 60,
    selector: ([x, z]) => x * SIDE + z,
});

test("chunks and squares are hashed with different first bytes, and a square says which quadrants it has", () => {
    const [a, b] = ["a", "b"].map((text) => sha(Buffer.of(0), text)) as [string, string];
    expect(leafHash("a")).toBe(a);
    expect(squareHash(0b1001, [a, b])).toBe(sha(Buffer.of(1, 9), Buffer.from(a, "hex"), Buffer.from(b, "hex")));
    expect(squareHash(0b0001, [a])).toBe(sha(Buffer.of(1, 1), Buffer.from(a, "hex")));
    expect(squareHash(0b0010, [a])).not.toBe(squareHash(0b0001, [a]));
});

test(`a root is that of the quadtree, computed plainly, from squares and from slots alike (seed ${seed})`, () => {
    fc.assert(
        fc.property(places, (chosen) => {
            const squares = squaresOf(chosen);
            const leaves = new Map(squares.map(({ x, z, hash }) => [`${x} ${z}`, hash]));
            const root = plainHash(leaves, 0, 0, SIDE)!;
            expect(merkleRootOf(squares, STEPS)).toBe(root);
            const slots = new Array<string | null>(SIDE * SIDE).fill(null);
            squares.forEach(({ x, z, hash }) => (slots[interleave(x, z)] = hash));
            expect(hashOfParts(slots)).toBe(root);
        }),
        { seed, numRuns: 100 },
    );
});

test(`each square has a proof, which holds for it, its place and its root alone (seed ${seed})`, () => {
    fc.assert(
        fc.property(places, fc.nat(), (chosen, pick) => {
            const squares = squaresOf(chosen);
            const root = merkleRootOf(squares, STEPS);
            const index = pick % squares.length;
            const square = squares[index]!;
            const proof = merkleProofOf(squares, index, STEPS);
            expect(proof).toHaveLength(STEPS);
            expect(verifyMerkleProof(square, proof, root)).toBe(true);
            const other = leafHash("other");
            expect(verifyMerkleProof({ ...square, hash: other }, proof, root)).toBe(false);
            expect(verifyMerkleProof(square, proof, other)).toBe(false);
            for (let bit = 0; bit < STEPS; bit++) {
                expect(verifyMerkleProof({ ...square, x: square.x ^ (1 << bit) }, proof, root)).toBe(false);
                expect(verifyMerkleProof({ ...square, z: square.z ^ (1 << bit) }, proof, root)).toBe(false);
            }
            expect(verifyMerkleProof({ ...square, x: square.x + SIDE }, proof, root)).toBe(false);
            expect(verifyMerkleProof(square, proof.slice(1), root)).toBe(false);
            expect(verifyMerkleProof(square, [...proof, { mask: 1, others: [] }], root)).toBe(false);
            const withOther = proof.findIndex(({ others }) => others.length > 0);
            if (withOther >= 0) {
                const { mask, others } = proof[withOther]!;
                const forged = proof.with(withOther, { mask, others: [other, ...others.slice(1)] });
                expect(verifyMerkleProof(square, forged, root)).toBe(false);
            }
        }),
        { seed, numRuns: 200 },
    );
});

test(`any change of a hash, any square more or less or elsewhere gives another root (seed ${seed})`, () => {
    fc.assert(
        fc.property(places, fc.nat(), fc.nat(SIDE - 1), fc.nat(SIDE - 1), (chosen, pick, x, z) => {
            const squares = squaresOf(chosen);
            const roots = new Set([merkleRootOf(squares, STEPS)]);
            const index = pick % squares.length;
            const square = squares[index]!;
            roots.add(merkleRootOf(squares.with(index, { ...square, hash: leafHash("changed") }), STEPS));
            const rest = squares.toSpliced(index, 1);
            if (rest.length > 0) {
                roots.add(merkleRootOf(rest, STEPS));
            }
            const isFree = !squares.some((taken) => taken.x === x && taken.z === z);
            if (isFree) {
                // The same hash in a place that was empty: one that is hidden elsewhere is missed where it was.
                const moved = [...rest, { ...square, x, z }].sort(
                    (a, b) => interleave(a.x, a.z) - interleave(b.x, b.z),
                );
                roots.add(merkleRootOf(moved, STEPS));
            }
            expect(roots.size).toBe(2 + (rest.length > 0 ? 1 : 0) + (isFree ? 1 : 0));
        }),
        { seed, numRuns: 200 },
    );
});

test("a tree of a hundred thousand squares in one row needs no stack", () => {
    const squares = Array.from({ length: 100_000 }, (_, i) => ({ x: i, z: 0, hash: leafHash(`${i}`) })).sort(
        (a, b) => a.x - b.x,
    );
    const root = merkleRootOf(squares, 17);
    const proof = merkleProofOf(squares, 77_777, 17);
    expect(verifyMerkleProof(squares[77_777]!, proof, root)).toBe(true);
    expect(proof.flatMap(({ others }) => others)).toHaveLength(17);
});

test("what is malformed is no proof, and no error", () => {
    const squares = squaresOf([
        [0, 0],
        [1, 0],
        [0, 1],
        [9, 9],
    ]);
    const root = merkleRootOf(squares, STEPS);
    const proof = merkleProofOf(squares, 0, STEPS);
    const square = squares[0]!;
    expect(verifyMerkleProof(square, proof, root)).toBe(true);
    for (const x of [-1, 0.5, NaN, Infinity, 2 ** 60]) {
        expect(verifyMerkleProof({ ...square, x }, proof, root)).toBe(false);
    }
    for (const mask of [0, -1, 16, 0.5, NaN, 2]) {
        expect(verifyMerkleProof(square, proof.with(0, { ...proof[0]!, mask }), root)).toBe(false);
    }
    expect(verifyMerkleProof({ ...square, hash: "zz" }, proof, root)).toBe(false);
    expect(verifyMerkleProof(square, proof.with(0, { mask: 7, others: ["", square.hash] }), root)).toBe(false);
    expect(verifyMerkleProof(square, proof.with(0, { mask: 7, others: [square.hash] }), root)).toBe(false);
    expect(() => merkleRootOf([], STEPS)).toThrow(RangeError);
    expect(() => merkleRootOf(squares, 1)).toThrow(RangeError);
    expect(() => merkleRootOf([squares[0]!, squares[0]!], STEPS)).toThrow(/each once/);
    expect(() => merkleProofOf(squares, 4, STEPS)).toThrow(RangeError);
    expect(() => hashOfParts([null, null, null, null])).toThrow(RangeError);
});
