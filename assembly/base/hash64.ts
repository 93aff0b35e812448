// xxHash64 with seed 0. Source: Collet, xxHash fast digest algorithm, https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md.
// Here and not in a package's own memory, because a chunk would have to be copied there.

const PRIME_1: u64 = 0x9e3779b185ebca87;
const PRIME_2: u64 = 0xc2b2ae3d27d4eb4f;
const PRIME_3: u64 = 0x165667b19e3779f9;
const PRIME_4: u64 = 0x85ebca77c2b2ae63;
const PRIME_5: u64 = 0x27d4eb2f165667c5;

/** Mixes eight bytes into one of four lanes. */
@inline
function round(lane: u64, input: u64): u64 {
    return rotl<u64>(lane + input * PRIME_2, 31) * PRIME_1;
}

/** Mixes a lane into the hash. */
@inline
function merge(hash: u64, lane: u64): u64 {
    return (hash ^ round(0, lane)) * PRIME_1 + PRIME_4;
}

/** Returns the xxHash64, with seed 0, of `length` bytes. The host gets it signed, as wasm has no unsigned integers. */
export function hash64(at: usize, length: usize): u64 {
    const end = at + length;
    let hash: u64;
    if (length >= 32) {
        let a: u64 = PRIME_1 + PRIME_2;
        let b: u64 = PRIME_2;
        let c: u64 = 0;
        let d: u64 = 0 - PRIME_1;
        const last = end - 32;
        do {
            a = round(a, load<u64>(at));
            b = round(b, load<u64>(at, 8));
            c = round(c, load<u64>(at, 16));
            d = round(d, load<u64>(at, 24));
            at += 32;
        } while (at <= last);
        hash = rotl<u64>(a, 1) + rotl<u64>(b, 7) + rotl<u64>(c, 12) + rotl<u64>(d, 18);
        hash = merge(merge(merge(merge(hash, a), b), c), d);
    } else {
        hash = PRIME_5;
    }
    hash += length;
    while (at + 8 <= end) {
        hash = rotl<u64>(hash ^ round(0, load<u64>(at)), 27) * PRIME_1 + PRIME_4;
        at += 8;
    }
    if (at + 4 <= end) {
        hash = rotl<u64>(hash ^ (<u64>load<u32>(at) * PRIME_1), 23) * PRIME_2 + PRIME_3;
        at += 4;
    }
    while (at < end) {
        hash = rotl<u64>(hash ^ (<u64>load<u8>(at) * PRIME_5), 11) * PRIME_1;
        at += 1;
    }
    hash = (hash ^ (hash >> 33)) * PRIME_2;
    hash = (hash ^ (hash >> 29)) * PRIME_3;
    return hash ^ (hash >> 32);
}
