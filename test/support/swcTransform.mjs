import swcJest from "@swc/jest";

/**
 * jest runs tests in a sandbox in which every look-up of a global is a call: kernels that ask for `Math` or `Float64Array`
 * in their inner loops took 10 to 100 times as long as in Node. In these rooms the globals become constants of the module.
 */
const HOT_ROOMS =
    /\/(src\/(generators|meshing|kernels|bake|format|seed|lod|recipe|runtime|textures|babylon\/material)|test\/(oracle|fuzz|unit\/textures))\//;
const GLOBALS =
    "const { Math, Number, Float64Array, Float32Array, Int32Array, Int16Array, Uint8Array, Uint16Array, Uint32Array, DataView, Map } = globalThis;";

export default {
    createTransformer(options) {
        const inner = swcJest.createTransformer(options);
        // On the first line, so that line numbers stay.
        const prepared = (source, file) => (HOT_ROOMS.test(file) ? `${GLOBALS} ${source}` : source);
        return {
            canInstrument: false,
            getCacheKey: (source, file, context) => inner.getCacheKey(prepared(source, file), file, context),
            process: (source, file, context) => inner.process(prepared(source, file), file, context),
            processAsync: async (source, file, context) => inner.process(prepared(source, file), file, context),
        };
    },
};
