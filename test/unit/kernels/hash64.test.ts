import fc from "fast-check";
import xxhash from "xxhash-wasm";
import { loadKernelsAsync } from "../../support/kernels.js";

const { exports } = await loadKernelsAsync();
const { h64Raw } = await xxhash();

function hash64Of(bytes: Uint8Array): bigint {
    exports.resetArena();
    const at = exports.reserve(bytes.length);
    new Uint8Array(exports.memory.buffer).set(bytes, at);
    return BigInt.asUintN(64, exports.hash64(at, bytes.length));
}

test("hash64 is xxHash64 at every length up to 200", () => {
    for (let length = 0; length <= 200; length++) {
        const bytes = Uint8Array.from({ length }, (_, i) => (i * 37 + length) & 0xff);
        expect(hash64Of(bytes)).toBe(h64Raw(bytes));
    }
});

test("hash64 is xxHash64 for any bytes", () => {
    fc.assert(
        fc.property(fc.uint8Array({ maxLength: 5000 }), (bytes) => hash64Of(bytes) === h64Raw(bytes)),
        { numRuns: 300 },
    );
});
