import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Page } from "playwright-core";
import { BrowserHarness } from "../browser/harness.js";
import type { Look } from "../browser/pages/cracksPage.js";
import type { Finding } from "./crackStage.js";
import type { View } from "./views.js";

/** Where pictures go. Git ignores it. */
export const PICTURES = path.resolve(import.meta.dirname, "../../.cache/cracks");

/** Pages that look at once: one's rays are followed while the other draws. */
const PAGES = 2;

/** Looks at views in pages of a browser of its own. */
export class CrackBrowser {
    private constructor(
        private readonly _browser: BrowserHarness,
        private readonly _pages: readonly Page[],
    ) {}

    public static async StartAsync(pageCount = PAGES): Promise<CrackBrowser> {
        const browser = await BrowserHarness.StartAsync({ directory: path.resolve("dist/testPages") });
        const pages: Page[] = [];
        for (let i = 0; i < pageCount; i++) {
            const page = await browser.openAsync("/cracksPage.html");
            await page.waitForFunction(() => window.cracks !== undefined);
            pages.push(page);
        }
        return new CrackBrowser(browser, pages);
    }

    /**
     * Looks at views, those of one world one after another in one page.
     *
     * @param onFinding called with each
     * @throws where a page reports an error
     */
    public async lookAllAsync(
        looks: readonly Look[],
        onFinding: (look: Look, finding: Finding) => void,
    ): Promise<void> {
        const byWorld = new Map<string, Look[]>();
        for (const look of looks) {
            const { recipeSeed, height } = look.view;
            const key = `${recipeSeed} ${height} ${look.plant}`;
            byWorld.set(key, [...(byWorld.get(key) ?? []), look]);
        }
        const worlds = [...byWorld.values()];
        await Promise.all(
            this._pages.map(async (page) => {
                for (let world = worlds.shift(); world !== undefined; world = worlds.shift()) {
                    for (const look of world) {
                        onFinding(look, await this._lookAsync(page, look));
                    }
                }
            }),
        );
    }

    public closeAsync(): Promise<void> {
        return this._browser.closeAsync();
    }

    private async _lookAsync(page: Page, look: Look): Promise<Finding> {
        const finding = await page.evaluate((each: Look) => window.cracks.lookAsync(each), look);
        this._browser.expectNoErrors();
        return finding;
    }
}

/** Writes a finding's picture, where there is one, and returns its path. */
export function savePicture(seed: number, view: View, { picture }: Finding): string | null {
    if (picture === null) {
        return null;
    }
    mkdirSync(PICTURES, { recursive: true });
    const name = `${seed}-${view.index}-${view.sample}-${view.place}-${view.manner}-${view.height}.png`;
    const file = path.join(PICTURES, name);
    writeFileSync(file, Buffer.from(picture.slice(picture.indexOf(",") + 1), "base64"));
    return file;
}

/** Returns a line that says where a view is, and how to look at it again. */
export function describeView(seed: number, view: View, { pose, firstHole, holes, drawn, jump }: Finding): string {
    const number = (value: number): string => String(Number(value.toFixed(4)));
    const where = [pose.x, pose.y, pose.z].map(number).join(", ");
    const at =
        firstHole === null ? "" : `, one at (${firstHole.x}, ${firstHole.y}), on its ray level ${firstHole.levels}`;
    return (
        `view ${view.index} of seed ${seed}: ${holes} pixels${at}; ${view.sample} ${view.recipeSeed}, ${view.place}, ` +
        `${view.manner}, ${view.height} pixels high, from ${where}, yaw ${number(pose.yaw)}, pitch ${number(pose.pitch)}; ` +
        `chunks by level ${drawn.join(" ")}, levels jump by ${jump}`
    );
}
