/**
 * Version of the generator. Rises when the vertices or indices of any chunk change for the same recipe and address. Golden
 * hashes change with it and with `CHUNK_FORMAT_VERSION`, which rises with the layout of chunk data, and with nothing else.
 */
export const GENERATOR_VERSION = 13;
