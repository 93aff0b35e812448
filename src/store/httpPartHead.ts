import { isSameEdition, type FileIdentity, type RangeRequest } from "./rangeReader.js";

/** What status and headers say of the answer to a request for a part of a file. */
export type PartHead =
    /** The part, as far as the file goes. `length` is null where the host does not tell. */
    | { readonly kind: "part"; readonly identity: FileIdentity; readonly length: number | null }
    /** The whole file. */
    | { readonly kind: "whole"; readonly identity: FileIdentity }
    /** A part of another edition. */
    | { readonly kind: "changed" }
    /** The part ends, or begins, behind the end of the file, whose length is 0 where the host does not tell. */
    | { readonly kind: "beyond"; readonly byteLength: number }
    /** Something else. `reason` is the end of a sentence that begins with the file; `byteLength` that of the file, if known. */
    | { readonly kind: "odd"; readonly reason: string; readonly byteLength: number | null };

/** What `content-range` says. */
interface ContentRange {
    readonly from: number;
    readonly to: number;
    readonly total: number | null;
}

/** Returns what an answer holds, by its head alone. Hosts of another origin may show no more than the status. */
export function headOfPart(
    { status, headers }: Response,
    { offset, length, expected }: Pick<RangeRequest, "offset" | "length" | "expected">,
): PartHead {
    const text = headers.get("content-range");
    if (status === 416) {
        return { kind: "beyond", byteLength: Number(/^bytes \*\/(\d{1,15})$/.exec(text ?? "")?.[1] ?? 0) };
    }
    if (status !== 200 && status !== 206) {
        return { kind: "odd", reason: `came with status ${status}`, byteLength: null };
    }
    const range = status === 206 ? parseContentRange(text) : null;
    const identity = identityOf(headers, range?.total ?? null);
    const encoding = headers.get("content-encoding")?.toLowerCase() ?? "identity";
    if (status === 206 && encoding !== "identity") {
        // It may be a part of the compressed file, or the part compressed: nobody can tell which.
        const reason = `came in part, compressed (${encoding})`;
        return { kind: "odd", reason, byteLength: identity.byteLength };
    }
    if (expected !== null && !isSameEdition(identity, expected)) {
        return { kind: "changed" };
    }
    if (status === 200) {
        return { kind: "whole", identity };
    }
    if (range === null) {
        return text === null
            ? { kind: "part", identity, length: null }
            : { kind: "odd", reason: `came with the range "${text.slice(0, 60)}"`, byteLength: null };
    }
    const end = offset + length - 1;
    const isToEnd = range.to === end || (expected === null && range.to < end && range.total === range.to + 1);
    return range.from === offset && isToEnd
        ? { kind: "part", identity, length: range.to - range.from + 1 }
        : {
              kind: "odd",
              reason: `came with bytes ${range.from} to ${range.to} in place of ${offset} to ${end}`,
              byteLength: range.total,
          };
}

/** Weak ETags are left out: they are the same for bytes that differ. */
function identityOf(headers: Headers, byteLength: number | null): FileIdentity {
    const etag = headers.get("etag");
    return {
        byteLength,
        etag: etag === null || etag.startsWith("W/") ? null : etag,
        modified: headers.get("last-modified"),
    };
}

function parseContentRange(text: string | null): ContentRange | null {
    const match = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/.exec(text ?? "");
    if (match === null) {
        return null;
    }
    const [from, to] = [Number(match[1]), Number(match[2])];
    return { from, to, total: match[3] === "*" ? null : Number(match[3]) };
}
