import { existsSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";
import sirv from "sirv";

export const SAMPLES_DIRECTORY = path.resolve(import.meta.dirname, "../dist/samples");

/**
 * What the server needs to know of the bundles that hold the inspector.
 * @typedef {{ state: "ready" | "building" | "failed", message?: string }} InspectorStatus
 */

/**
 * Serves the samples. Pages are cross-origin isolated: without it the clock ticks in 0.1 ms, too coarse for spans.
 * @param {{ readyAsync?: Promise<void>, inspector?: InspectorStatus, directory?: string }} [options] Requests wait for
 * `readyAsync`. Another `directory` serves other pages.
 * @returns {import("node:http").Server} It does not listen yet.
 */
export function createSamplesServer({
    readyAsync = Promise.resolve(),
    inspector = { state: "ready" },
    directory = SAMPLES_DIRECTORY,
} = {}) {
    // `dev` reads the disk on each request: bundles may be built while the server runs.
    const serve = sirv(directory, { dev: true, setHeaders: setIsolationHeaders });
    return createServer(async (request, response) => {
        await readyAsync;
        if (inspector.state !== "ready" && wantsInspector(request.url ?? "/")) {
            answerWhileBuilding(response, inspector);
            return;
        }
        serve(request, response, () => {
            setIsolationHeaders(response);
            response.writeHead(404, { "Content-Type": "text/plain; charset=utf-8" });
            response.end("There is nothing at this address.\n");
        });
    });
}

/**
 * @param {import("node:http").Server} server
 * @param {number} port 0 picks a free one.
 * @returns {Promise<number>} The port. Rejects with `EADDRINUSE` where it is taken.
 */
export function listenAsync(server, port) {
    return new Promise((resolve, reject) => {
        server.once("error", reject);
        server.listen(port, () => {
            server.off("error", reject);
            resolve(server.address().port);
        });
    });
}

function setIsolationHeaders(response) {
    response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
    response.setHeader("Cross-Origin-Embedder-Policy", "require-corp");
    response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
}

function wantsInspector(address) {
    const url = new URL(address, "http://localhost");
    const page = url.pathname.replace(/\.html$/, "").replace(/^\/$/, "/index");
    return url.searchParams.get("inspector") === "1" && existsSync(path.join(SAMPLES_DIRECTORY, `${page}.html`));
}

function answerWhileBuilding(response, inspector) {
    const hasFailed = inspector.state === "failed";
    const text = hasFailed
        ? `The inspector's bundle could not be built: ${inspector.message ?? "see the terminal"}`
        : "The inspector's bundle is being built; this page reloads when it is there.";
    setIsolationHeaders(response);
    response.writeHead(hasFailed ? 500 : 200, {
        "Content-Type": "text/html; charset=utf-8",
        "Cache-Control": "no-store",
    });
    response.end(`<!doctype html>
<html lang="en">
<meta charset="utf-8" />
<title>Terrane</title>
${hasFailed ? "" : '<meta http-equiv="refresh" content="2" />'}
<body style="font: 16px system-ui; margin: 20vh auto; max-width: 40em; text-align: center">
<p>${escapeHtml(text)}</p>
</body>
</html>
`);
}

function escapeHtml(text) {
    return text.replace(/[&<>]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[sign]);
}
