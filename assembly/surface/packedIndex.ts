// The packed index: a vertex, and what is asked of it most, so that triangles need not look it up.

/** Whether the vertex is a cave's. */
export const CAVE_BIT: u32 = 22;
/** The vertex in the bits below. */
export const INDEX_MASK: u32 = (1 << CAVE_BIT) - 1;
/** Whether `cross(normal, tangent)` grows with v as it is, unlike on open ground. */
export const UNTURNED_BIT: u32 = 23;
/** How the vertex is mapped, from this bit on: its plane, and in vertex slots the half side of its v, too. */
export const MAPPING_SHIFT: u32 = 24;
/** Indices that are mapped alike differ by no more. */
const MAPPED_ALIKE: u32 = (1 << MAPPING_SHIFT) - 1;

@inline
export function vertexOf(index: u32): i32 {
    return <i32>(index & INDEX_MASK);
}

/** Whether the corners of a triangle are mapped differently. */
@inline
export function isMappedUnalike(a: u32, b: u32, c: u32): bool {
    return ((a ^ b) | (a ^ c)) > MAPPED_ALIKE;
}

/** Whether any corner of a triangle is a cave's, as 0 or 1. */
@inline
export function anyIsCave(a: u32, b: u32, c: u32): u32 {
    return ((a | b | c) >> CAVE_BIT) & 1;
}

/** Whether some corners of a triangle are a cave's, and some are not. */
@inline
export function joinsCaveToGround(a: u32, b: u32, c: u32): bool {
    return ((a | b | c) & ~(a & b & c) & (1 << CAVE_BIT)) !== 0;
}
