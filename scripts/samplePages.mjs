import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";

const samplesDirectory = path.resolve(import.meta.dirname, "../samples");

/**
 * The samples: each folder with an `index.html` and a `main.ts` is a page. The gallery is served at `/`, the others
 * at `/NAME`; its script becomes `NAME.js` beside the page, its other files `NAME/FILE`.
 *
 * A page whose HTML names `NAME.inspector.js` is also built with Babylon's inspector inside.
 *
 * @returns {{ name: string, entry: string | null, hasInspector: boolean, files: Record<string, string> }[]}
 */
export function samplePages() {
    return readdirSync(samplesDirectory)
        .filter((name) => existsSync(path.join(samplesDirectory, name, "index.html")))
        .sort()
        .map(describePage);
}

function describePage(name) {
    const directory = path.join(samplesDirectory, name);
    const html = path.join(directory, "index.html");
    const entry = path.join(directory, "main.ts");
    const files = { [name === "gallery" ? "index.html" : `${name}.html`]: html };
    for (const file of readdirSync(directory)) {
        const whole = path.join(directory, file);
        if (/\.(css|svg|png|jpe?g|webp|ico)$/.test(file) && statSync(whole).isFile()) {
            files[`${name}/${file}`] = whole;
        }
    }
    return {
        name,
        entry: existsSync(entry) ? entry : null,
        hasInspector: existsSync(entry) && readFileSync(html, "utf8").includes(`${name}.inspector.js`),
        files,
    };
}
