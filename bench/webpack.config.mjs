import path from "node:path";

const root = path.resolve(import.meta.dirname, "..");
const at = (...parts) => path.join(root, ...parts);

/** The benches for Node: the library's own sources in bundles that are only read here. */
export default {
    name: "bench",
    mode: "production",
    context: root,
    target: "node20",
    entry: {
        noise: at("bench/noise/main.ts"),
        noiseThread: at("bench/noise/noiseThread.ts"),
        mesh: at("bench/mesh/main.ts"),
        meshThread: at("bench/mesh/meshThread.ts"),
        bake: at("bench/bake/main.ts"),
        jobThread: at("bench/bake/jobThread.ts"),
        world: at("bench/world/main.ts"),
        profiler: at("bench/profiler/main.ts"),
    },
    output: {
        path: at(".cache/bench"),
        filename: "[name].mjs",
        library: { type: "module" },
        module: true,
        chunkFormat: "module",
    },
    experiments: { outputModule: true },
    devtool: false,
    module: {
        rules: [
            {
                test: /\.ts$/,
                include: [at("src"), at("bench"), at("test/oracle")],
                resolve: { extensionAlias: { ".js": [".ts", ".js"] } },
                use: {
                    loader: "swc-loader",
                    options: { jsc: { target: "es2022", parser: { syntax: "typescript" } } },
                },
            },
        ],
        parser: { javascript: { url: false, importMeta: false } },
    },
    // Readable output: its profile names functions. Minified or not, it runs as fast.
    optimization: { minimize: false, splitChunks: false },
    cache: {
        type: "filesystem",
        name: "bench",
        cacheDirectory: at(".cache/webpack"),
        buildDependencies: { config: [import.meta.filename] },
    },
    performance: { hints: false },
    stats: "errors-warnings",
    infrastructureLogging: { level: "error" },
};
