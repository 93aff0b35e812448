/** Rises when the bytes of any chunk change for the same recipe and address. Golden hashes move with it alone. */
export const GENERATOR_VERSION = 9;
