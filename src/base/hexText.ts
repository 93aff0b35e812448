const BYTE_TEXTS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** Returns `length` bytes from `at` on as hexadecimal digits in lower case. */
export function readHex(bytes: Uint8Array, at: number, length: number): string {
    let text = "";
    for (let i = at; i < at + length; i++) {
        text += BYTE_TEXTS[bytes[i]!]!;
    }
    return text;
}

/** Writes hexadecimal digits in lower case, two a byte, from `at` on. */
export function writeHex(bytes: Uint8Array, at: number, hex: string): void {
    for (let i = 0; i < hex.length / 2; i++) {
        bytes[at + i] = (digitAt(hex, 2 * i) << 4) | digitAt(hex, 2 * i + 1);
    }
}

function digitAt(hex: string, at: number): number {
    const code = hex.charCodeAt(at);
    return code < 58 ? code - 48 : code - 87;
}
