import swcJest from "@swc/jest";

/**
 * jest runs tests in a sandbox in which every look-up of a global is a call: what asks for `Math` or `Float64Array` in an
 * inner loop takes 10 to 100 times as long as in Node. So the globals become constants of each module.
 */
const GLOBALS =
    "const { Math, Number, Float64Array, Float32Array, Int32Array, Int16Array, Uint8Array, Uint16Array, Uint32Array, DataView, Map } = globalThis;";

export default {
    createTransformer(options) {
        const inner = swcJest.createTransformer(options);
        // On the first line, so that line numbers stay.
        const prepared = (source) => `${GLOBALS} ${source}`;
        return {
            canInstrument: false,
            getCacheKey: (source, file, context) => inner.getCacheKey(prepared(source), file, context),
            process: (source, file, context) => inner.process(prepared(source), file, context),
            processAsync: async (source, file, context) => inner.process(prepared(source), file, context),
        };
    },
};
