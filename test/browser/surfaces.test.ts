import path from "node:path";
import type { Page } from "playwright-core";
import type { BiomeRule } from "../../src/recipe/surfaceRule.js";
import { bytesWithMips } from "../../src/babylon/material/swappedTexture.js";
import { BrowserHarness, WEBGPU_ARGS } from "./harness.js";
import type { Drawing, HalvesPicture, Surfaces } from "./pages/surfacesPage.js";

const GREY = 188;
const EVERYWHERE = { rule: {}, macroColor: 0, macroRelief: 0 } as const;
const picture = (north: number[], south = north, kind: HalvesPicture["kind"] = "array"): HalvesPicture =>
    ({ kind, north, south }) as unknown as HalvesPicture;
const surfaceOf = (albedo: HalvesPicture | string): Surfaces => ({ own: { ...EVERYWHERE, textures: { albedo } } });

const linear = (byte: number): number => (byte <= 10 ? byte / 255 / 12.92 : ((byte / 255 + 0.055) / 1.055) ** 2.4);

let browser: BrowserHarness;
let page: Page;
const drawAsync = (surfaces: Surfaces, biomes?: readonly BiomeRule[], height?: number): Promise<Drawing> =>
    page.evaluate(([a, b, c]) => window.surfaces.drawAsync(a, b, c), [surfaces, biomes, height] as const);
const ratiosOf = (one: readonly number[], other: readonly number[]): number[] =>
    one.map((value, channel) => value / other[channel]!);

function expectNear(values: readonly number[], wanted: readonly number[], share = 0.04): void {
    values.forEach((value, i) => expect(Math.abs(value / wanted[i]! - 1)).toBeLessThan(share));
}

async function openAsync(isWebGpu: boolean): Promise<void> {
    browser = await BrowserHarness.StartAsync({
        directory: path.resolve("dist/testPages"),
        args: isWebGpu ? WEBGPU_ARGS : [],
        answer: (request, response) => {
            if (request.url !== "/slow.png") {
                return false;
            }
            // Never comes.
            request.on("close", () => response.end());
            return true;
        },
    });
    page = await browser.openAsync("/surfacesPage.html");
    await page.waitForFunction(() => window.surfaces !== undefined);
    await page.evaluate((webGpu) => window.surfaces.openAsync(webGpu), isWebGpu);
}

describe.each([
    ["WebGL 2", false],
    ["WebGPU", true],
])("surfaces of one's own on %s", (_, isWebGpu) => {
    beforeAll(() => openAsync(isWebGpu));
    afterAll(async () => {
        await browser.closeAsync();
        browser.expectNoErrors();
    });

    test("show the mean light of their pictures where their rules hold, wherever these come from", async () => {
        // What noise makes of brightness there, it makes of all pictures alike.
        const grey = await drawAsync(surfaceOf(picture([GREY, GREY, GREY])));
        const north = [200, 60, 30];
        const south = [40, 120, 220];
        const wanted = north.map((byte, channel) => (linear(byte) + linear(south[channel]!)) / 2 / linear(GREY));
        for (const kind of ["array", "address", "texture"] as const) {
            const drawn = await drawAsync(surfaceOf(picture(north, south, kind)));
            expect(drawn.errors).toEqual([]);
            // Small mips of square roots lose some light.
            expectNear(ratiosOf(drawn.mean, grey.mean), wanted, 0.12);
        }
        const plain = await drawAsync(surfaceOf(picture(north)));
        expectNear(
            ratiosOf(plain.mean, grey.mean),
            north.map((byte) => linear(byte) / linear(GREY)),
        );
        expect(plain.textureBytes).toBe(2 * bytesWithMips(256, 15) + bytesWithMips(256, 1));
        // Beyond its height it lies nowhere, and a biome lays it again.
        const rule = { height: [500, 1000] } as const;
        const own = { ...EVERYWHERE, rule, textures: { albedo: picture(north) } };
        const bare = await drawAsync({});
        const away = await drawAsync({ own });
        expectNear(away.mean, bare.mean, 0.02);
        const laid = await drawAsync({ own }, [{ surface: "own" }]);
        expectNear(laid.mean, plain.mean, 0.02);
    });

    test("lie with their pictures' upper edge to the north", async () => {
        const north = [220, 20, 20];
        const south = [20, 20, 220];
        for (const kind of ["array", "address", "texture"] as const) {
            const { own } = surfaceOf(picture(north, south, kind));
            // One tile fills the picture from edge to edge, and is not turned where it is triplanar.
            const drawn = await drawAsync({ own: { ...own!, tileSize: 8, triplanar: true } }, undefined, 6);
            const [above, below] = drawn.halves;
            expect(above[0]! / above[2]!).toBeGreaterThan(3);
            expect(below[2]! / below[0]!).toBeGreaterThan(3);
        }
    });
});

describe("pictures that are of no use", () => {
    let bare: Drawing;

    beforeAll(async () => {
        await openAsync(false);
        bare = await drawAsync({});
    });
    afterAll(() => browser.closeAsync());

    test.each([
        [
            "are missing",
            { albedo: "/missing.png" },
            /^surfaces\.dryGrass\.textures\.albedo is "\/missing\.png".* 404\. .*default layer stays/,
        ],
        ["are none", { albedo: "/surfacesPage.html" }, /textures\.albedo .*It cannot be read: .*default layer stays/],
        [
            "come as a texture that is missing",
            { albedo: "texture:/missing.png" },
            /textures\.albedo is "texture \/missing\.png".*It cannot be loaded/,
        ],
        [
            "have a wrong size",
            { albedo: picture([9, 9, 9]), normal: { data: [1, 2, 3] as never, width: 2, height: 1 } },
            /textures\.normal is "2 x 1 texels"; allowed: a square picture.*It has 2 x 1 texels/,
        ],
    ])("because they %s are named, and the default layer stays", async (_, textures, message) => {
        const { errors, mean } = await page.evaluate(
            async (given) => {
                for (const value of Object.values(given as Record<string, { data?: unknown }>)) {
                    if (Array.isArray(value.data)) {
                        value.data = Uint8Array.from(value.data as number[]);
                    }
                }
                return window.surfaces.drawAsync({ dryGrass: { textures: given as never } });
            },
            textures as Record<string, unknown>,
        );
        expect(errors).toHaveLength(1);
        expect(errors[0]).toMatch(message);
        expectNear(mean, bare.mean, 0.02);
        // The browser itself reports what the server has not.
        browser.errors.splice(0);
    });

    test("a material may be disposed while they load", async () => {
        const slow = { albedo: "/slow.png", height: picture([0, 0, 0], [255, 255, 255]) };
        expect(
            await page.evaluate((given) => window.surfaces.disposeEarlyAsync(given), { rock: { textures: slow } }),
        ).toEqual([]);
        browser.expectNoErrors();
    });
});
