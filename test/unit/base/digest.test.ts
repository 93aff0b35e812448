import { createSHA256 } from "hash-wasm";
import { initDigestAsync, nodeDigest, sha256Hex, wasmDigest } from "../../../src/base/digest.js";

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

test("SHA-256 of the standard's own examples, whichever code computes it", async () => {
    const digests = [nodeDigest()!, wasmDigest(await createSHA256())];
    for (const digest of digests) {
        // FIPS 180-2, appendix B, and the empty message.
        expect(digest(text("abc"))).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        expect(digest(text("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"))).toBe(
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
        );
        expect(digest(text(""))).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }
});

test("both agree on bytes of any length, views too", async () => {
    const wasm = wasmDigest(await createSHA256());
    const bytes = Uint8Array.from({ length: 5000 }, (_, i) => (i * 73) & 255);
    for (const [from, to] of [
        [0, 5000],
        [1, 64],
        [7, 4103],
    ]) {
        const view = bytes.subarray(from, to);
        expect(wasm(view)).toBe(nodeDigest()!(view));
    }
});

test("must be loaded first", async () => {
    expect(() => sha256Hex(text("abc"))).toThrow(/await initDigestAsync\(\)/);
    await initDigestAsync();
    expect(sha256Hex(text("abc"))).toMatch(/^ba7816bf/);
});
