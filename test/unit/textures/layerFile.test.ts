import { beforeAll, describe, expect, it } from "@jest/globals";
import { initHashAsync } from "../../../src/base/hash.js";
import { drawLayer } from "../../../src/textures/drawLayer.js";
import { decodeLayerFile, encodeLayerFile } from "../../../src/textures/layerFile.js";

const KEY = { drawing: 3, layer: 7, size: 16 };
const image = drawLayer(KEY.layer, KEY.size);

beforeAll(initHashAsync);

describe("a layer file", () => {
    it("holds what was put in", () => {
        const read = decodeLayerFile(encodeLayerFile(KEY, image), KEY)!;
        expect([...read.color]).toEqual([...image.color]);
        expect([...read.relief]).toEqual([...image.relief]);
    });

    it("is read within a longer buffer", () => {
        const file = encodeLayerFile(KEY, image);
        const longer = new Uint8Array(file.length + 16);
        longer.set(file, 8);
        expect(decodeLayerFile(longer.subarray(8, 8 + file.length), KEY)!.color).toEqual(image.color);
    });

    it.each([
        ["another drawing", { ...KEY, drawing: 4 }],
        ["another layer", { ...KEY, layer: 8 }],
        ["another size", { ...KEY, size: 32 }],
    ])("is none for %s", (_, key) => {
        expect(decodeLayerFile(encodeLayerFile(KEY, image), key)).toBeNull();
    });

    it("is none where any byte is another", () => {
        const file = encodeLayerFile(KEY, image);
        for (let at = 0; at < file.length; at += at < 48 ? 1 : 97) {
            const damaged = file.slice();
            damaged[at]! ^= 0x10;
            expect(decodeLayerFile(damaged, KEY)).toBeNull();
        }
    });

    it("is none where it is cut off, or goes on", () => {
        const file = encodeLayerFile(KEY, image);
        for (const length of [0, 8, 39, 40, file.length - 1]) {
            expect(decodeLayerFile(file.slice(0, length), KEY)).toBeNull();
        }
        const longer = new Uint8Array(file.length + 1);
        longer.set(file);
        expect(decodeLayerFile(longer, KEY)).toBeNull();
    });
});
