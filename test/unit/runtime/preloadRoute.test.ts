import { addressesAlongRoute, MAX_PRELOADED_CHUNKS } from "../../../src/runtime/preloadRoute.js";
import { FlatTopology } from "../../../src/space/flatTopology.js";
import { formatAddress } from "../../../src/space/chunkAddress.js";

const topology = new FlatTopology(64);
const at = (x: number, z: number) => ({ x, y: 0, z });

test("one point wants its neighbourhood at every level up to the view distance, coarse levels first, each chunk once", () => {
    const addresses = addressesAlongRoute([at(10, 10)], topology, 256);
    expect(addresses.map((address) => address.level)).toEqual([
        ...Array(9).fill(2),
        ...Array(9).fill(1),
        ...Array(9).fill(0),
    ]);
    expect(new Set(addresses.map(formatAddress)).size).toBe(27);
    expect(addresses.map(formatAddress)).toContain("0/-1/1");
});

test("a route leaves out no chunk that it crosses", () => {
    const texts = new Set(
        addressesAlongRoute([at(0, 0), at(1000, 370), at(1000, -900)], topology, 64).map(formatAddress),
    );
    for (let t = 0; t <= 1; t += 1 / 512) {
        expect(texts).toContain(`0/${Math.floor((1000 * t) / 64)}/${Math.floor((370 * t) / 64)}`);
        expect(texts).toContain(`0/${Math.floor(1000 / 64)}/${Math.floor((370 - 1270 * t) / 64)}`);
    }
});

test("a very long route is cut off, and none is empty", () => {
    expect(addressesAlongRoute([at(0, 0), at(1e6, 1e6)], topology, 1000)).toHaveLength(MAX_PRELOADED_CHUNKS);
    expect(addressesAlongRoute([], topology, 1000)).toEqual([]);
});
