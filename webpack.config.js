import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import webpack from "webpack";
import { samplePages } from "./scripts/samplePages.mjs";

const root = import.meta.dirname;
const at = (...parts) => path.join(root, ...parts);

// workerpool asks for these three by `require`. Node 20.16 and later gives them to plain code, so one file serves
// browsers and Node, and neither needs a bundler's fallbacks.
export const nodeBuiltins = Object.fromEntries(
    ["os", "child_process", "worker_threads"].map((name) => [
        name,
        `var (globalThis.process?.getBuiltinModule?.(${JSON.stringify(name)}))`,
    ]),
);

const swcRule = (test, tsx) => ({
    test,
    include: [at("src"), at("samples"), at("test")],
    // Imports say `.js` and mean `.ts`. Babylon's thousands of files need no such look-up.
    resolve: { extensionAlias: { ".js": [".ts", ".tsx", ".js"] } },
    use: {
        loader: "swc-loader",
        options: {
            jsc: {
                target: "es2022",
                parser: { syntax: "typescript", tsx },
                transform: { react: { runtime: "automatic" } },
            },
        },
    },
});

/** What all configurations share. */
const common = (name, mode) => ({
    name,
    mode,
    context: root,
    target: ["web", "es2022"],
    devtool: mode === "production" ? "source-map" : false,
    module: {
        rules: [swcRule(/\.ts$/, false), swcRule(/\.tsx$/, true), { test: /\.css$/, type: "asset/source" }],
        // `new URL("./terrane.worker.js", import.meta.url)` must reach the output as written: the worker is a file of
        // its own beside the bundle, and a user's bundler finds it by these very words.
        parser: { javascript: { url: false, importMeta: false } },
    },
    cache: {
        type: "filesystem",
        name,
        cacheDirectory: at(".cache/webpack"),
        buildDependencies: { config: [import.meta.filename] },
    },
    performance: { hints: false },
    stats: "errors-warnings",
    infrastructureLogging: { level: "error" },
});

const esmOutput = (directory) => ({
    path: at(directory),
    filename: "[name].js",
    chunkFilename: "[name].js",
    library: { type: "module" },
    module: true,
    chunkFormat: "module",
    globalObject: "globalThis",
});

/** Copies files into the output; `files` maps the name there to the path here. */
class CopyFilesPlugin {
    constructor(files) {
        this.files = files;
    }

    apply(compiler) {
        compiler.hooks.thisCompilation.tap("CopyFilesPlugin", (compilation) => {
            const stage = webpack.Compilation.PROCESS_ASSETS_STAGE_ADDITIONAL;
            compilation.hooks.processAssets.tap({ name: "CopyFilesPlugin", stage }, () => {
                for (const [name, file] of Object.entries(this.files)) {
                    compilation.fileDependencies.add(file);
                    compilation.emitAsset(name, new webpack.sources.RawSource(readFileSync(file)));
                }
            });
        });
    }
}

const manifestFile = () =>
    existsSync(at("plugin-manifest.json")) ? { "plugin-manifest.json": at("plugin-manifest.json") } : {};

const babylonIsGiven = /^@babylonjs\//;
const reactIsGiven = /^(react|react-dom|@fluentui\/[^/]+)(\/|$)/;

const library = {
    ...common("library", "production"),
    entry: { terrane: at("src/index.ts") },
    output: esmOutput("dist"),
    experiments: { outputModule: true },
    externalsType: "module",
    externals: [nodeBuiltins, babylonIsGiven],
    // Users minify; a readable library tells them where it stands when it throws.
    optimization: { minimize: false },
    plugins: [new CopyFilesPlugin(manifestFile())],
};

/** Baking without a scene: no Babylon inside, none needed. */
const baker = {
    ...common("baker", "production"),
    entry: { "terrane.baker": at("src/baker/index.ts") },
    output: esmOutput("dist"),
    experiments: { outputModule: true },
    externals: [nodeBuiltins],
    optimization: { minimize: false },
};

/** Worlds without an engine: for servers, tools and other renderers. */
const core = {
    ...baker,
    ...common("core", "production"),
    entry: { "terrane.core": at("src/runtime/index.ts") },
};

/** The command, for Node: one file beside the worker and the kernels. */
const cli = {
    ...common("cli", "production"),
    target: ["node20", "es2022"],
    entry: { cli: at("src/cli/main.ts") },
    output: esmOutput("dist"),
    experiments: { outputModule: true },
    externals: [nodeBuiltins],
    optimization: { minimize: false },
    plugins: [
        new webpack.BannerPlugin({ raw: true, banner: "#!/usr/bin/env node" }),
        new webpack.optimize.LimitChunkCountPlugin({ maxChunks: 1 }),
    ],
};

const umd = {
    ...common("umd", "production"),
    entry: { "terrane.umd": at("src/index.ts") },
    output: {
        path: at("dist"),
        filename: "[name].js",
        library: { name: "TERRANE", type: "umd" },
        globalObject: "globalThis",
    },
    externals: [
        nodeBuiltins,
        // Deep imports all lead to the one global that Babylon's own UMD build makes.
        ({ request }, callback) =>
            babylonIsGiven.test(request)
                ? callback(null, { root: "BABYLON", commonjs: request, commonjs2: request, amd: request })
                : callback(),
    ],
    plugins: [
        // A classic script has no `import.meta`; where it was loaded from is known only while it first runs.
        new webpack.DefinePlugin({ "import.meta.url": "__terraneScriptUrl" }),
        new webpack.BannerPlugin({
            raw: true,
            banner: 'var __terraneScriptUrl = (typeof document !== "undefined" && document.currentScript && document.currentScript.src) || (typeof __filename === "string" ? "file://" + __filename : globalThis.location ? globalThis.location.href : "");',
        }),
    ],
};

/** One self-contained file, for browsers (a classic or a module worker) and for Node's worker threads alike. */
const worker = {
    ...common("worker", "production"),
    target: ["webworker", "es2022"],
    entry: { "terrane.worker": at("src/worker/bakeWorker.ts") },
    output: { path: at("dist"), filename: "[name].js", globalObject: "globalThis", publicPath: "" },
    externals: [nodeBuiltins],
    optimization: { splitChunks: false, runtimeChunk: false },
    plugins: [new webpack.optimize.LimitChunkCountPlugin({ maxChunks: 1 })],
};

const pages = samplePages();

const samples = {
    ...common("samples", "production"),
    entry: Object.fromEntries(pages.filter((page) => page.entry).map((page) => [page.name, page.entry])),
    output: esmOutput("dist/samples"),
    experiments: { outputModule: true },
    externals: [nodeBuiltins],
    // Minifying takes half of the build, and a reader who opens the developer tools finds a lesson he can read.
    optimization: { minimize: false },
    plugins: [
        new webpack.DefinePlugin({ __WITH_INSPECTOR__: "false" }),
        new CopyFilesPlugin(
            Object.assign(
                { "terrane.worker.js": at("dist/terrane.worker.js"), "terrane.wasm": at("dist/terrane.wasm") },
                ...pages.map((page) => page.files),
            ),
        ),
    ],
};

/**
 * The same pages with Babylon's inspector inside, whole, so that page and inspector share one instance of Babylon.
 * Development mode: minifying the inspector takes minutes.
 */
const samplesWithInspector = {
    ...common("samplesWithInspector", "development"),
    entry: Object.fromEntries(
        pages.filter((page) => page.hasInspector).map((page) => [`${page.name}.inspector`, page.entry]),
    ),
    output: { ...esmOutput("dist/samples"), chunkFilename: "inspector/[name].js" },
    experiments: { outputModule: true },
    externals: [nodeBuiltins],
    optimization: { splitChunks: false },
    plugins: [new webpack.DefinePlugin({ __WITH_INSPECTOR__: "true" })],
};

/** The panes for users' own pages; Babylon, its inspector and React come from the user. */
const inspector = {
    ...common("inspector", "production"),
    entry: { terraneInspector: at("src/inspector/index.ts") },
    output: esmOutput("dist/inspector"),
    experiments: { outputModule: true },
    externalsType: "module",
    externals: [nodeBuiltins, babylonIsGiven, reactIsGiven],
    optimization: { minimize: false },
};

/** Sun, sky, sea and air for users' own pages; Babylon comes from the user. */
const environment = {
    ...inspector,
    ...common("environment", "production"),
    entry: { terraneEnvironment: at("src/environment/index.ts") },
    output: esmOutput("dist/environment"),
    externals: [nodeBuiltins, babylonIsGiven],
};

/** Pages that tests open beside the samples. */
const testPages = {
    ...common("testPages", "production"),
    entry: {
        goldenPage: at("test/browser/pages/goldenPage.ts"),
        bakerPage: at("test/browser/pages/bakerPage.ts"),
        cracksPage: at("test/browser/pages/cracksPage.ts"),
        environmentPage: at("test/browser/pages/environmentPage.ts"),
        faultsPage: at("test/browser/pages/faultsPage.ts"),
        loadingPage: at("test/browser/pages/loadingPage.ts"),
        passesPage: at("test/browser/pages/passesPage.ts"),
        popsPage: at("test/browser/pages/popsPage.ts"),
        fadesPage: at("test/browser/pages/fadesPage.ts"),
        looksPage: at("test/browser/pages/looksPage.ts"),
        storePage: at("test/browser/pages/storePage.ts"),
        surfacesPage: at("test/browser/pages/surfacesPage.ts"),
        texturesPage: at("test/browser/pages/texturesPage.ts"),
    },
    output: esmOutput("dist/testPages"),
    experiments: { outputModule: true },
    externals: [nodeBuiltins],
    optimization: { minimize: false },
    plugins: [
        new CopyFilesPlugin({
            "goldenPage.html": at("test/browser/pages/goldenPage.html"),
            "bakerPage.html": at("test/browser/pages/bakerPage.html"),
            "cracksPage.html": at("test/browser/pages/cracksPage.html"),
            "environmentPage.html": at("test/browser/pages/environmentPage.html"),
            "faultsPage.html": at("test/browser/pages/faultsPage.html"),
            "loadingPage.html": at("test/browser/pages/loadingPage.html"),
            "passesPage.html": at("test/browser/pages/passesPage.html"),
            "popsPage.html": at("test/browser/pages/popsPage.html"),
            "fadesPage.html": at("test/browser/pages/fadesPage.html"),
            "looksPage.html": at("test/browser/pages/looksPage.html"),
            "storePage.html": at("test/browser/pages/storePage.html"),
            "surfacesPage.html": at("test/browser/pages/surfacesPage.html"),
            "texturesPage.html": at("test/browser/pages/texturesPage.html"),
            "terrane.worker.js": at("dist/terrane.worker.js"),
            "terrane.wasm": at("dist/terrane.wasm"),
        }),
    ],
};

export default [
    library,
    umd,
    baker,
    core,
    cli,
    worker,
    samples,
    inspector,
    environment,
    samplesWithInspector,
    testPages,
];
