import path from "node:path";
import webpack from "webpack";
import { nodeBuiltins } from "../webpack.config.js";

const root = path.resolve(import.meta.dirname, "..");
const at = (...parts) => path.join(root, ...parts);

const module = {
    rules: [
        {
            test: /\.ts$/,
            include: [at("src"), at("bench"), at("samples"), at("test/oracle")],
            resolve: { extensionAlias: { ".js": [".ts", ".js"] } },
            use: {
                loader: "swc-loader",
                options: { jsc: { target: "es2022", parser: { syntax: "typescript" } } },
            },
        },
    ],
    parser: { javascript: { url: false, importMeta: false } },
};

const common = {
    mode: "production",
    context: root,
    devtool: false,
    module,
    // Readable output: its profile names functions. Minified or not, it runs as fast.
    optimization: { minimize: false, splitChunks: false },
    performance: { hints: false },
    stats: "errors-warnings",
    infrastructureLogging: { level: "error" },
};

const cache = (name) => ({
    type: "filesystem",
    name,
    cacheDirectory: at(".cache/webpack"),
    buildDependencies: { config: [import.meta.filename] },
});

export const OUTPUT = at(".cache/bench");

/** The benches for Node: the library's own sources in bundles that are only read here. */
const benches = {
    ...common,
    name: "bench",
    target: "node20",
    entry: {
        noise: at("bench/noise/main.ts"),
        noiseThread: at("bench/noise/noiseThread.ts"),
        mesh: at("bench/mesh/main.ts"),
        meshThread: at("bench/mesh/meshThread.ts"),
        bake: at("bench/bake/main.ts"),
        jobThread: at("bench/bake/jobThread.ts"),
        world: at("bench/world/main.ts"),
        flight: at("bench/flight/main.ts"),
        store: at("bench/store/main.ts"),
        profiler: at("bench/profiler/main.ts"),
        raycast: at("bench/raycast/main.ts"),
        load: at("bench/load/main.ts"),
        select: at("bench/select/main.ts"),
    },
    output: {
        path: OUTPUT,
        filename: "[name].mjs",
        library: { type: "module" },
        module: true,
        chunkFormat: "module",
    },
    experiments: { outputModule: true },
    externals: { "playwright-core": "module playwright-core" },
    cache: cache("bench"),
};

/** What the flight puts into the sample's page before the page's own code. */
const flightPage = {
    ...common,
    name: "flightPage",
    target: "web",
    entry: { flightPage: at("bench/flight/page/page.ts") },
    output: { path: OUTPUT, filename: "[name].js" },
    cache: cache("flightPage"),
};

/** The page that loads from stores, and its thread. */
const storePage = {
    ...common,
    name: "storePage",
    target: ["web", "es2022"],
    entry: { storePage: at("bench/store/page/page.ts"), storeThread: at("bench/store/page/thread.ts") },
    output: {
        path: OUTPUT,
        filename: "[name].js",
        library: { type: "module" },
        module: true,
        chunkFormat: "module",
        globalObject: "globalThis",
    },
    experiments: { outputModule: true },
    externals: [nodeBuiltins],
    plugins: [new webpack.optimize.LimitChunkCountPlugin({ maxChunks: 1 })],
    cache: cache("storePage"),
};

export default [benches, flightPage, storePage];
