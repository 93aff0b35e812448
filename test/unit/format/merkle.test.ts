import { createHash } from "node:crypto";
import { initDigestAsync } from "../../../src/base/digest.js";
import { leafHash, merkleProofOf, merkleRootOf, nodeHash, verifyMerkleProof } from "../../../src/format/merkle.js";

beforeAll(initDigestAsync);

const leavesOf = (count: number): string[] => Array.from({ length: count }, (_, i) => leafHash(`leaf ${i}`));
const sha = (...parts: (Buffer | string)[]): string => {
    const hash = createHash("sha256");
    parts.forEach((part) => hash.update(part));
    return hash.digest("hex");
};

test("leaves and nodes are hashed as RFC 6962 does", () => {
    const [a, b, c] = ["a", "b", "c"].map((text) => sha(Buffer.of(0), text)) as [string, string, string];
    const ab = sha(Buffer.of(1), Buffer.from(a, "hex"), Buffer.from(b, "hex"));
    expect(leafHash("a")).toBe(a);
    expect(nodeHash(a, b)).toBe(ab);
    expect(merkleRootOf([a])).toBe(a);
    expect(merkleRootOf([a, b, c])).toBe(sha(Buffer.of(1), Buffer.from(ab, "hex"), Buffer.from(c, "hex")));
});

test("of 1 to 40 leaves each has a proof, which holds for it alone", () => {
    for (let count = 1; count <= 40; count++) {
        const leaves = leavesOf(count);
        const root = merkleRootOf(leaves);
        for (let i = 0; i < count; i++) {
            const proof = merkleProofOf(leaves, i);
            expect(proof.length).toBeLessThanOrEqual(Math.ceil(Math.log2(count)));
            expect(verifyMerkleProof(leaves[i]!, i, count, proof, root)).toBe(true);
            expect(verifyMerkleProof(leafHash("other"), i, count, proof, root)).toBe(false);
            expect(verifyMerkleProof(leaves[i]!, i, count, proof, leafHash("other"))).toBe(false);
            expect(verifyMerkleProof(leaves[i]!, i, count, [...proof, root], root)).toBe(false);
            if (proof.length > 0) {
                expect(verifyMerkleProof(leaves[i]!, i, count, proof.slice(1), root)).toBe(false);
                expect(verifyMerkleProof(leaves[i]!, i, count, [root, ...proof.slice(1)], root)).toBe(false);
                expect(verifyMerkleProof(leaves[i]!, i ^ 1, count, proof, root)).toBe(false);
            }
        }
    }
});

test("any change of any leaf, and any other order, gives another root", () => {
    const leaves = leavesOf(9);
    const roots = new Set([merkleRootOf(leaves), merkleRootOf([...leaves].reverse()), merkleRootOf(leaves.slice(1))]);
    leaves.forEach((_, i) => roots.add(merkleRootOf(leaves.with(i, leafHash("changed")))));
    // An odd row moves its last up: it must not be worth the same as a row in which the last is doubled.
    roots.add(merkleRootOf([...leaves, leaves.at(-1)!]));
    expect(roots.size).toBe(13);
});

test("what is malformed is no proof, and no error", () => {
    const leaves = leavesOf(4);
    const [leaf, root] = [leaves[0]!, merkleRootOf(leaves)];
    const proof = merkleProofOf(leaves, 0);
    for (const [index, count] of [
        [-1, 4],
        [4, 4],
        [0.5, 4],
        [0, NaN],
    ] as const) {
        expect(verifyMerkleProof(leaf, index, count, proof, root)).toBe(false);
    }
    expect(verifyMerkleProof("zz", 0, 4, proof, root)).toBe(false);
    expect(verifyMerkleProof(leaf, 0, 4, ["", ...proof.slice(1)], root)).toBe(false);
    expect(() => merkleRootOf([])).toThrow(RangeError);
    expect(() => merkleProofOf(leaves, 4)).toThrow(RangeError);
});
