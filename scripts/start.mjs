// Builds what is missing, serves the samples, and builds the inspector's bundle behind their back.
import { buildPartAsync, isFresh } from "./buildParts.mjs";
import { createSamplesServer, listenAsync } from "./samplesServer.mjs";

const port = readPort(process.env.PORT);
const inspector = { state: "building" };
const stop = new AbortController();
let markReady = () => {};
const readyAsync = new Promise((resolve) => (markReady = resolve));
const server = createSamplesServer({ readyAsync, inspector });

for (const signal of ["SIGINT", "SIGTERM"]) {
    process.once(signal, () => {
        stop.abort();
        server.close();
        server.closeAllConnections();
        process.exit(0);
    });
}

try {
    // Before the build, so that a busy port shows at once; requests wait until the samples are there.
    const actualPort = await listenAsync(server, port);
    await buildPartAsync("samples", { signal: stop.signal });
    inspector.state = isFresh("samplesWithInspector") ? "ready" : "building";
    markReady();
    console.log(`Terrane's samples are at http://localhost:${actualPort}/`);
} catch (error) {
    console.error(
        error.code === "EADDRINUSE"
            ? `Port ${port} is taken. Set another one, like PORT=${port + 1} npm start`
            : `The samples could not be built: ${error.message}`,
    );
    process.exit(1);
}

if (inspector.state === "building") {
    try {
        await buildPartAsync("samplesWithInspector", { signal: stop.signal });
        inspector.state = "ready";
    } catch (error) {
        inspector.state = "failed";
        inspector.message = error.message;
        console.error(`The inspector's bundle could not be built: ${error.message}`);
    }
}

function readPort(text) {
    const number = text === undefined || text === "" ? 8080 : Number(text);
    if (!Number.isInteger(number) || number < 0 || number > 65535) {
        console.error(`PORT is ${JSON.stringify(text)}; allowed: an integer from 0 to 65535.`);
        process.exit(1);
    }
    return number;
}
