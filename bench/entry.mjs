// node bench/entry.mjs BUNDLE OPTIONS: runs a bundled bench; run.mjs calls it.
const [bundle, options] = process.argv.slice(2);
const { runAsync } = await import(bundle);
await runAsync(JSON.parse(options));
