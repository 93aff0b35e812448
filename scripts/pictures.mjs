// node scripts/pictures.mjs [endless] [cave] [strips] [gallery] [views | NAME ...]: renders docs/pictures/endless.png,
// docs/pictures/cave.png from inside a cave that it looks for near a mouth, film strips of an exchange of levels on rough ground and at
// a cave's mouth, the gallery's picture of each sample, and the named views of docs/gallery (all, or those named), by headless Chromium.
import { mkdirSync } from "node:fs";
import path from "node:path";
import { URLSearchParams } from "node:url";
import { chromium } from "playwright-core";
import { buildPartAsync } from "./buildParts.mjs";
import { CHROMIUM_ARGS, findOrInstallChromium } from "./chromium.mjs";
import { takeFilmStripAsync } from "./filmStrips.mjs";
import { GALLERY_VIEWS } from "./galleryViews.mjs";
import { samplePages } from "./samplePages.mjs";
import { createSamplesServer, listenAsync } from "./samplesServer.mjs";

const LARGE = { width: 1280, height: 720 };
const GALLERY = { width: 800, height: 450 };

const asked = process.argv.slice(2);
const wants = (name) => asked.length === 0 || asked.includes(name);

const root = path.resolve(import.meta.dirname, "..");
mkdirSync(path.join(root, "docs/pictures"), { recursive: true });
mkdirSync(path.join(root, "docs/gallery"), { recursive: true });

await buildPartAsync("samples");
const server = createSamplesServer();
const origin = `http://localhost:${await listenAsync(server, 0)}`;
const browser = await chromium.launch({ executablePath: findOrInstallChromium(), args: CHROMIUM_ARGS });
try {
    if (wants("endless")) {
        await takeAsync("/endless?still=1", LARGE, "docs/pictures/endless.png");
    }
    if (wants("cave")) {
        const pose = new URLSearchParams(await findCavePoseAsync());
        await takeAsync(`/caves?still=1&${pose}`, LARGE, "docs/pictures/cave.png");
    }
    if (wants("strips")) {
        await takeStripsAsync();
    }
    for (const view of GALLERY_VIEWS.filter(({ name }) => wants("views") || asked.includes(name))) {
        await takeViewAsync(view);
    }
    if (wants("gallery")) {
        for (const { name } of samplePages().filter((page) => page.name !== "gallery")) {
            await takeAsync(`/${name}?still=1`, GALLERY, `samples/gallery/${name}.jpg`);
        }
    }
} finally {
    await browser.close();
    server.close();
}

async function openAsync(address, viewport) {
    const page = await browser.newPage({ viewport });
    page.setDefaultTimeout(300_000);
    page.on("pageerror", (error) => console.error(error));
    await page.goto(origin + address);
    await page.waitForFunction(() => globalThis.terrane?.world !== undefined);
    return page;
}

async function takeAsync(address, viewport, file) {
    const page = await openAsync(address, viewport);
    await page.waitForFunction(() => document.documentElement.dataset.ready === "1");
    await page.screenshot({ path: path.join(root, file), ...(file.endsWith(".jpg") && { type: "jpeg", quality: 85 }) });
    await page.close();
    console.log(`${file}: ${address}`);
}

/** Takes a named view at the best quality. Nothing is drawn until all is there: a frame takes a processor half a minute. */
async function takeViewAsync({ name, page: address, time, above, pose }) {
    const query = new URLSearchParams({ still: 1, quality: "high", time });
    const place = pose === "cave" ? await findCavePoseAsync() : (pose ?? {});
    const page = await browser.newPage({ viewport: LARGE });
    page.setDefaultTimeout(900_000);
    page.on("pageerror", (error) => console.error(error));
    await page.addInitScript(() => {
        const { prototype } = globalThis.WebGL2RenderingContext;
        const { drawElements } = prototype;
        prototype.drawElements = function (...parameters) {
            if (globalThis.isDrawing === true) {
                drawElements.apply(this, parameters);
            }
        };
    });
    if (above !== undefined) {
        // The height of the ground is known once a world is there.
        await page.goto(`${origin}${address}?still=1&workers=0`);
        await page.waitForFunction(() => globalThis.terrane?.world !== undefined);
        place.y = above + (await page.evaluate(({ x, z }) => globalThis.terrane.world.sampleHeight(x, z), place));
    }
    for (const [key, value] of Object.entries(place)) {
        query.set(key, value);
    }
    await page.goto(`${origin}${address}?${query}`);
    await page.waitForFunction(() => document.documentElement.dataset.ready === "1");
    await page.evaluate(() => {
        globalThis.isDrawing = true;
        globalThis.terrane.scene.render();
        globalThis.terrane.scene.render();
    });
    const file = `docs/gallery/${name}.jpg`;
    await page.screenshot({ path: path.join(root, file), type: "jpeg", quality: 90 });
    await page.close();
    console.log(`${file}: ${address}?${query}`);
}

async function takeStripsAsync() {
    await buildPartAsync("testPages");
    const server = createSamplesServer({ directory: path.join(root, "dist/testPages") });
    const page = await browser.newPage();
    page.setDefaultTimeout(600_000);
    page.on("pageerror", (error) => console.error(error));
    await page.goto(`http://localhost:${await listenAsync(server, 0)}/popsPage.html`);
    await page.waitForFunction(() => globalThis.pops !== undefined);
    for (const [place, name] of [
        ["rough ground", "exchangeOnRoughGround"],
        ["a cave's mouth", "exchangeAtMouth"],
    ]) {
        await takeFilmStripAsync(page, path.join(root, `docs/pictures/${name}.png`), place);
        console.log(`docs/pictures/${name}.png: ${place}`);
    }
    await page.close();
    server.close();
}

/** Where to stand in a cave and where to look so that some daylight shows, as a sample's address takes it. */
async function findCavePoseAsync() {
    const page = await openAsync("/caves?still=1", { width: 160, height: 90 });
    const pose = await page.evaluate(searchCave);
    await page.close();
    if (pose === null) {
        throw new Error("There is no cave with a mouth within 3 km of the origin.");
    }
    return pose;
}

/** Runs in the page. */
function searchCave() {
    const MOUTHS = 12;
    const { world } = globalThis.terrane;
    const sea = world.recipe.water.enabled ? world.recipe.water.level : -Infinity;
    let best = null;
    let mouths = 0;
    for (let ring = 0; ring <= 3000 && mouths < MOUTHS; ring += 8) {
        const around = Math.max(1, Math.floor((2 * Math.PI * ring) / 8));
        for (let i = 0; i < around && mouths < MOUTHS; i++) {
            const x = Math.cos((i / around) * 2 * Math.PI) * ring;
            const z = Math.sin((i / around) * 2 * Math.PI) * ring;
            const ground = world.sampleHeight(x, z);
            if (ground > sea + 2 && world.sampleDensity(x, ground - 2, z) > 0) {
                mouths++;
                const pose = bestPoseNear(x, ground, z);
                if (pose !== null && (best === null || pose.score > best.score)) {
                    best = pose;
                }
            }
        }
    }
    if (best === null) {
        return null;
    }
    const degrees = 180 / Math.PI;
    return {
        x: best.x.toFixed(1),
        y: best.y.toFixed(1),
        z: best.z.toFixed(1),
        yaw: (best.yaw * degrees).toFixed(1),
        pitch: (best.pitch * degrees).toFixed(1),
    };

    function bestPoseNear(mouthX, mouthY, mouthZ) {
        let found = null;
        for (let dx = -28; dx <= 28; dx += 7) {
            for (let dz = -28; dz <= 28; dz += 7) {
                for (let dy = -24; dy <= -6; dy += 3) {
                    const at = { x: mouthX + dx, y: mouthY + dy, z: mouthZ + dz };
                    // Room around the camera, and rock above it.
                    const roof = world.sampleHeight(at.x, at.z);
                    if (at.y > sea + 1 && roof > at.y + 5 && world.sampleDensity(at.x, at.y, at.z) > 2.5) {
                        const pose = bestViewFrom(at);
                        if (pose !== null && (found === null || pose.score > found.score)) {
                            found = pose;
                        }
                    }
                }
            }
        }
        return found;
    }

    function bestViewFrom(at) {
        let found = null;
        for (let turn = 0; turn < 16; turn++) {
            const yaw = (turn / 16) * 2 * Math.PI;
            const pitch = 0.05;
            let distance = 0;
            let open = 0;
            let rays = 0;
            let nearest = Infinity;
            for (let right = -0.6; right <= 0.6; right += 0.2) {
                for (let up = -0.3; up <= 0.3; up += 0.15) {
                    const level = Math.cos(up + pitch);
                    const direction = {
                        x: Math.sin(yaw + right) * level,
                        y: Math.sin(up + pitch),
                        z: Math.cos(yaw + right) * level,
                    };
                    const hit = world.raycast(at, direction, 80);
                    rays++;
                    open += hit === null || !hit.isCave ? 1 : 0;
                    distance += Math.min(hit?.distance ?? 80, 40);
                    nearest = Math.min(nearest, hit?.distance ?? 80);
                }
            }
            const daylight = open / rays;
            if (nearest > 2.5 && daylight > 0.02 && daylight < 0.3) {
                const score = distance / rays - 60 * Math.abs(daylight - 0.1);
                if (found === null || score > found.score) {
                    found = { ...at, yaw, pitch, score };
                }
            }
        }
        return found;
    }
}
