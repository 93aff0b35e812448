// What the host may call. src/kernels/ holds the typed side.
export { arenaTop, reserve, resetArena } from "./arena";
export { hash64 } from "./hash64";
