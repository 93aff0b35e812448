import { CrackBrowser, describeView, savePicture } from "../cracks/crackBrowser.js";
import type { Finding } from "../cracks/crackStage.js";
import { createFieldsAsync } from "../cracks/fields.js";
import { createViews, describeCounts, LOW_HEIGHT, SHARES, type View } from "../cracks/views.js";
import type { Look } from "./pages/cracksPage.js";

// `npm run test:cracks` looks at ten times as many.
const SEED = Number(process.env.TERRANE_TEST_SEED ?? 21);
const VIEWS = 60;

const fieldOf = await createFieldsAsync();
const views = createViews(SEED, { low: VIEWS, high: 0 }, fieldOf);

let browser: CrackBrowser;

beforeAll(async () => {
    browser = await CrackBrowser.StartAsync();
});

afterAll(async () => {
    await browser.closeAsync();
});

async function lookAsync(looks: readonly Look[]): Promise<{ view: View; finding: Finding }[]> {
    const found: { view: View; finding: Finding }[] = [];
    await browser.lookAllAsync(looks, ({ view }, finding) => found.push({ view, finding }));
    return found;
}

test("the same seed gives the same views, another seed others", () => {
    expect(createViews(SEED, { low: VIEWS, high: 0 }, fieldOf)).toEqual(views);
    const others = createViews(SEED + 1, { low: VIEWS, high: 0 }, fieldOf);
    expect(others.filter(({ pose }, i) => pose.x === views[i]!.pose.x)).toEqual([]);
});

test("there are views of every kind, two in five at mouths and in caves, of both samples", () => {
    expect(SHARES.reduce((sum, [, , share]) => sum + share, 0)).toBe(100);
    expect(describeCounts(views).filter((line) => line.endsWith(": 0"))).toEqual([]);
    expect(views.filter(({ place }) => place !== "open").length).toBeGreaterThanOrEqual(0.4 * VIEWS);
    expect(views.filter(({ sample }) => sample === "caves")).toHaveLength(VIEWS / 2);
    expect(views.every(({ height }) => height === LOW_HEIGHT)).toBe(true);
});

test(`seed ${SEED}: no pixel of ${VIEWS} views shows the background where there is ground`, async () => {
    const found = await lookAsync(views.map((view) => ({ view })));
    const holes = found.filter(({ finding }) => finding.holes > 0);
    expect(
        holes.map(({ view, finding }) => [describeView(SEED, view, finding), savePicture(SEED, view, finding)]),
    ).toEqual([]);
    // What they are there to see was there.
    const jumping = found.filter(({ view, finding }) => view.manner === "late" && finding.jump >= 2);
    expect(jumping.length).toBeGreaterThan(2);
    expect(found.filter(({ view, finding }) => view.manner === "flight" && finding.pictures < 5)).toEqual([]);
});

test.each([
    ["borders without skirts", "noSkirts", ["late", "border"]],
    ["a chunk that is not drawn", "hiddenChunk", ["down", "still"]],
] as const)("it finds %s", async (_, plant, manners) => {
    const planted = views.filter(({ manner }) => manners.some((each) => each === manner)).slice(0, 8);
    const found = await lookAsync(planted.map((view) => ({ view, plant })));
    expect(found.filter(({ finding }) => finding.holes > 0).length).toBeGreaterThan(2);
});
