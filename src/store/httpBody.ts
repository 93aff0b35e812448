/** Says that an answer came and is not what was asked for. Its message is the end of a sentence that begins with what it is. */
export class DamagedAnswer extends Error {}

/**
 * Reads the body of an answer into bytes of the caller's own.
 *
 * @param waitAsync waits for each part, and throws where it takes too long
 * @throws DamagedAnswer where it is longer than `maxBytes`, or shorter or longer than its header says
 * @throws whatever the network fails with
 */
export async function readBodyAsync(
    response: Response,
    maxBytes: number,
    waitAsync: <T>(work: Promise<T>) => Promise<T>,
): Promise<Uint8Array> {
    const length = lengthOf(response);
    if (length !== null && length > maxBytes) {
        throw new DamagedAnswer(`has ${length} bytes; at most ${maxBytes} are read`);
    }
    const parts: Uint8Array[] = [];
    let byteLength = 0;
    const reader = response.body?.getReader();
    try {
        while (reader !== undefined) {
            const { done, value } = await waitAsync(reader.read());
            if (done) {
                break;
            }
            byteLength += value.byteLength;
            if (byteLength > maxBytes) {
                throw new DamagedAnswer(`has more than ${maxBytes} bytes, which are the most that are read`);
            }
            parts.push(value);
        }
    } catch (error) {
        reader!.cancel().catch(() => {});
        throw error;
    }
    if (length !== null && length !== byteLength) {
        throw new DamagedAnswer(`has ${byteLength} bytes of ${length}`);
    }
    // A part may be a view of a buffer that the host shares with others.
    const bytes = new Uint8Array(byteLength);
    let at = 0;
    for (const part of parts) {
        bytes.set(part, at);
        at += part.byteLength;
    }
    return bytes;
}

/**
 * Returns the length that an answer says it has; null where that is not the length of what is read: it is compressed, or
 * may be, for other origins do not tell of it.
 */
function lengthOf({ headers, type }: Response): number | null {
    const text = headers.get("content-length") ?? "";
    const isPlain = (headers.get("content-encoding") ?? "identity").toLowerCase() === "identity" && type !== "cors";
    return isPlain && /^\d{1,15}$/.test(text) ? Number(text) : null;
}
