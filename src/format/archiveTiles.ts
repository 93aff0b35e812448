import { isAddress, NO_FACE, type ChunkAddress } from "../space/chunkAddress.js";
import { GRID_HEIGHT, gridCoordinate, isSquare, type ChunkSquare } from "../space/chunkSquare.js";
import { placeOfTile, tileIdOf } from "./hilbert.js";

/*
 * Where the files of a bake have their places among the tiles of an archive. The pyramid's grid is 4 x 4 blocks in each zoom:
 * one for each face, one for flat worlds, one for the nodes of the manifest.
 */

const FLAT_BLOCK = 6;
const NODE_BLOCK = 15;
/** A block of this level is one tile, without room for negative coordinates. */
const TOP_LEVEL = 24;
/** There the four chunks around the origin have blocks of their own, by z, then x. */
const TOP_BLOCKS = [8, 9, 12, 13];
/** The block of nodes is 16 x 16 grids in each zoom: one for each level of flat worlds and of faces. */
const NODE_GRIDS_ACROSS = 16;
const NODE_LEVELS = 25;

/**
 * Returns the id of a chunk's tile; null where it has none: it lies beyond what level 0 can reach.
 */
export function tileOfChunk({ face, level, x, z }: ChunkAddress): number | null {
    if (level === TOP_LEVEL) {
        const isNear = x >= -1 && x <= 0 && z >= -1 && z <= 0;
        return isNear ? tileInBlock(TOP_BLOCKS[2 * (z + 1) + (x + 1)]!, 0, 0, 0) : null;
    }
    const bits = TOP_LEVEL - level;
    const half = 2 ** (bits - 1);
    if (x < -half || x >= half || z < -half || z >= half) {
        return null;
    }
    return tileInBlock(face === NO_FACE ? FLAT_BLOCK : face, bits, x + half, z + half);
}

/** Returns the id of the tile that holds a node of the manifest: an aligned square of at least a block. */
export function tileOfNode({ face, level, height, x, z }: ChunkSquare): number {
    const bits = nodeGridBits(height);
    const grid = (face === NO_FACE ? FLAT_BLOCK : face) * NODE_LEVELS + level;
    const side = 2 ** bits;
    return tileInBlock(
        NODE_BLOCK,
        bits + 4,
        (grid % NODE_GRIDS_ACROSS) * side + gridCoordinate(face, height, x),
        Math.floor(grid / NODE_GRIDS_ACROSS) * side + gridCoordinate(face, height, z),
    );
}

/** What lies below a tile id. */
export type TileContent = { readonly chunk: ChunkAddress } | { readonly node: ChunkSquare };

/** Returns what a tile holds; null where no tile of that id can be in an archive. */
export function contentOfTile(id: number): TileContent | null {
    const place = placeOfTile(id);
    if (place === null || place.zoom < 2) {
        return null;
    }
    const bits = place.zoom - 2;
    const side = 2 ** bits;
    const block = 4 * Math.floor(place.y / side) + Math.floor(place.x / side);
    const [x, z] = [place.x % side, place.y % side];
    return block === NODE_BLOCK ? nodeOf(bits - 4, x, z) : chunkOf(block, bits, x, z);
}

function chunkOf(block: number, bits: number, x: number, z: number): TileContent | null {
    const level = TOP_LEVEL - bits;
    const half = 2 ** (bits - 1);
    const top = TOP_BLOCKS.indexOf(block);
    let chunk: ChunkAddress;
    if (level === TOP_LEVEL && top >= 0) {
        chunk = { face: NO_FACE, level, x: (top & 1) - 1, z: (top >> 1) - 1 };
    } else if (level < TOP_LEVEL && block <= FLAT_BLOCK) {
        chunk = { face: block === FLAT_BLOCK ? NO_FACE : block, level, x: x - half, z: z - half };
    } else {
        return null;
    }
    return isAddress(chunk) ? { chunk } : null;
}

function nodeOf(bits: number, x: number, z: number): TileContent | null {
    const height = [5, 10, 15, 20, GRID_HEIGHT].find((other) => nodeGridBits(other) === bits);
    if (height === undefined) {
        return null;
    }
    const side = 2 ** bits;
    const grid = Math.floor(z / side) * NODE_GRIDS_ACROSS + Math.floor(x / side);
    const slot = Math.floor(grid / NODE_LEVELS);
    const face = slot === FLAT_BLOCK ? NO_FACE : slot;
    const inGrid = { face, level: grid % NODE_LEVELS, height, x: 0, z: 0 };
    const node = {
        ...inGrid,
        x: (x % side) - gridCoordinate(face, height, 0),
        z: (z % side) - gridCoordinate(face, height, 0),
    };
    return slot <= FLAT_BLOCK && isSquare(node) ? { node } : null;
}

/** Returns the binary logarithm of how many squares of a height lie side by side. Each height has another. */
function nodeGridBits(height: number): number {
    return height === GRID_HEIGHT ? 0 : 24 - height;
}

/** @param bits the block is 2^`bits` tiles wide */
function tileInBlock(block: number, bits: number, x: number, y: number): number {
    const side = 2 ** bits;
    return tileIdOf(bits + 2, (block % 4) * side + x, Math.floor(block / 4) * side + y);
}
