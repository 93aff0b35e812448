const SHOWN_MS = 2200;

let toast: HTMLElement | null = null;
let timer = 0;

/** Shows a text for a moment. */
export function showToast(text: string): void {
    if (toast === null) {
        toast = document.createElement("div");
        toast.className = "toast glass";
        toast.setAttribute("role", "status");
        document.body.append(toast);
        // A style that was never drawn has nothing to move from.
        toast.getBoundingClientRect();
    }
    toast.textContent = text;
    toast.classList.add("shown");
    clearTimeout(timer);
    timer = window.setTimeout(() => toast?.classList.remove("shown"), SHOWN_MS);
}

export async function copyToClipboardAsync(text: string): Promise<boolean> {
    try {
        await navigator.clipboard.writeText(text);
        return true;
    } catch {
        return false;
    }
}
