// The packed index: a vertex, and what is asked of it most, so that triangles need not look it up.

/** Set where the vertex shows any cave rock: on walls, and on ground that they bend. */
export const CAVE_BIT: u32 = 22;
/** The bits of the vertex. */
export const INDEX_MASK: u32 = (1 << CAVE_BIT) - 1;
/** Set where `cross(normal, tangent)` grows with v as it is, unlike on open ground. */
export const UNTURNED_BIT: u32 = 23;
/** From this bit on: how the vertex is mapped, its plane first; in slots the half side of its v follows. */
export const MAPPING_SHIFT: u32 = 24;
/** Indices that are mapped alike differ by no more. */
const MAPPED_ALIKE: u32 = (1 << MAPPING_SHIFT) - 1;

/** Returns the vertex that an index names. */
@inline
export function vertexOf(index: u32): i32 {
    return <i32>(index & INDEX_MASK);
}

/** Returns whether the corners of a triangle are mapped differently. */
@inline
export function isMappedUnalike(a: u32, b: u32, c: u32): bool {
    return ((a ^ b) | (a ^ c)) > MAPPED_ALIKE;
}

/** Returns 1 where any corner of a triangle is of a cave's wall, else 0. */
@inline
export function anyIsCave(a: u32, b: u32, c: u32): u32 {
    return ((a | b | c) >> CAVE_BIT) & 1;
}

/** Returns whether a triangle joins a cave's wall to the ground. */
@inline
export function joinsCaveToGround(a: u32, b: u32, c: u32): bool {
    return ((a | b | c) & ~(a & b & c) & (1 << CAVE_BIT)) !== 0;
}
