import { messageOf, TerraneError } from "../base/errors.js";
import { isNode } from "../base/host.js";
import { isScript } from "./keptScripts.js";

/** Milliseconds that finding out why a worker did not start may take: the answer is an error message. */
const LOOK_TIMEOUT_MS = 3000;
const OWN_ORIGIN = "where terrane.worker.js can be loaded from, on the page's own origin";
const WITHOUT = "or pass workers: 0 to bake without workers.";

/** Remembers which of the page's policies forbade a worker: browsers do not say so in the worker's own error. */
export class PolicyWatch {
    /** The directive's name, as in `worker-src`; null while none forbade anything. */
    public directive: string | null = null;
    private readonly _target: Pick<EventTarget, "addEventListener" | "removeEventListener"> | null;

    public constructor(private readonly _workerUrl: string) {
        this._target = isNode() ? null : (globalThis.document ?? globalThis);
        this._target?.addEventListener("securitypolicyviolation", this._listen);
    }

    public end(): void {
        this._target?.removeEventListener("securitypolicyviolation", this._listen);
    }

    private readonly _listen = (event: Event): void => {
        const { effectiveDirective, blockedURI } = event as SecurityPolicyViolationEvent;
        // A copy of the script that may not run is not what is wrong: nobody would have started it were the script there.
        const isOfCopy = blockedURI === "blob" && !this._workerUrl.startsWith("blob:");
        if (!isOfCopy && /^(worker|child|script)-src|trusted-types/.test(effectiveDirective)) {
            this.directive ??= effectiveDirective;
        }
    };
}

/**
 * Returns the error for a worker that could not be started. Looks at what is at its address where the browser said too
 * little.
 */
export async function workerErrorAsync(workerUrl: string, cause: unknown, policy: PolicyWatch): Promise<TerraneError> {
    const origin = foreignOrigin(workerUrl);
    if (origin !== null) {
        return workerError(
            workerUrl,
            cause,
            `Browsers start workers from the page's own origin alone, and ${workerUrl} is of ${origin}. Serve terrane.worker.js ` +
                `from ${location.origin} and pass its address as options.workerUrl, ${WITHOUT}`,
        );
    }
    const found = isNode() ? null : await lookAsync(workerUrl);
    if (policy.directive !== null) {
        return workerError(
            workerUrl,
            cause,
            `The page's content security policy forbids the worker (${policy.directive}). Allow ${workerUrl} in its worker-src, ` +
                `as 'self' does for the page's own origin, ${WITHOUT}`,
        );
    }
    return workerError(
        workerUrl,
        cause,
        `The worker could not be started from ${workerUrl} (${found ?? messageOf(cause)}). Copy terrane.worker.js beside the ` +
            `bundle, or pass options.workerUrl, ${WITHOUT}`,
    );
}

function workerError(workerUrl: string, cause: unknown, remedy: string): TerraneError {
    const error = new TerraneError("workerUrl", workerUrl, OWN_ORIGIN, remedy);
    error.cause = cause;
    return error;
}

/** Returns the origin of a script that pages may not start workers from; null where they may, and outside of pages. */
function foreignOrigin(workerUrl: string): string | null {
    if (isNode() || globalThis.location === undefined) {
        return null;
    }
    try {
        const { origin, protocol } = new URL(workerUrl, location.href);
        return /^https?:$/.test(protocol) && origin !== location.origin ? origin : null;
    } catch {
        return null;
    }
}

/**
 * Returns what is wrong with what is at an address; null where it is a script, and what failed must have said why
 * itself.
 */
async function lookAsync(workerUrl: string): Promise<string | null> {
    const aborter = new AbortController();
    const timer = setTimeout(() => aborter.abort(), LOOK_TIMEOUT_MS);
    try {
        const response = await fetch(workerUrl, { signal: aborter.signal });
        if (!response.ok) {
            return `the server answered ${response.status} ${response.statusText}`.trim();
        }
        return isScript(response)
            ? null
            : `the server answers with ${response.headers.get("content-type") ?? "no type"}, which is no script`;
    } catch (error) {
        return aborter.signal.aborted ? "the server does not answer" : `it cannot be fetched: ${messageOf(error)}`;
    } finally {
        clearTimeout(timer);
        // The head was enough.
        aborter.abort();
    }
}
