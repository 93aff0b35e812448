/** Styles of all that lies over the picture. */
const CSS = `
:root { color-scheme: dark; --glass: rgba(11, 17, 26, 0.55); --line: rgba(255, 255, 255, 0.12);
    --ink: #eef3f8; --dim: rgba(226, 236, 246, 0.66); --warm: #ffc98a; }
html, body { margin: 0; height: 100%; overflow: hidden; background: #0d131c; overscroll-behavior: none; }
body { font: 13px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; color: var(--ink);
    -webkit-user-select: none; user-select: none; -webkit-tap-highlight-color: transparent; }
#view { position: fixed; inset: 0; width: 100%; height: 100%; display: block; outline: none; cursor: grab; }
#view:active { cursor: grabbing; }
.glass { background: var(--glass); border: 1px solid var(--line); border-radius: 14px;
    -webkit-backdrop-filter: blur(14px) saturate(1.3); backdrop-filter: blur(14px) saturate(1.3);
    box-shadow: 0 10px 34px rgba(0, 0, 0, 0.28); }
.hud { position: fixed; left: max(16px, env(safe-area-inset-left)); top: max(16px, env(safe-area-inset-top));
    width: 216px; padding: 13px 15px 12px; }
.hud header { display: flex; align-items: baseline; justify-content: space-between; margin-bottom: 9px; }
.hud h1 { margin: 0; font-size: 15px; font-weight: 650; letter-spacing: 0.01em; }
.hud h1 a { color: inherit; text-decoration: none; }
.hud .fps { font-variant-numeric: tabular-nums; color: var(--warm); font-weight: 600; }
.hud dl { display: grid; grid-template-columns: auto 1fr; gap: 3px 12px; margin: 0; }
.hud dt { color: var(--dim); }
.hud dd { margin: 0; text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap;
    overflow: hidden; text-overflow: ellipsis; }
.hud .gauge { grid-column: 1 / -1; height: 3px; border-radius: 2px; background: rgba(255, 255, 255, 0.12); overflow: hidden; }
.hud .gauge i { display: block; height: 100%; width: 100%; transform-origin: left; background: var(--warm); }
.hud nav { display: flex; flex-wrap: wrap; gap: 6px; margin-top: 11px; }
.hud button { flex: 1 1 auto; font: inherit; color: inherit; padding: 5px 9px; border-radius: 8px; cursor: pointer;
    border: 1px solid var(--line); background: rgba(255, 255, 255, 0.07); transition: background 0.15s; }
.hud button:hover { background: rgba(255, 255, 255, 0.17); }
.hud button:focus-visible { outline: 2px solid var(--warm); outline-offset: 1px; }
.hud.stores { left: auto; right: max(16px, env(safe-area-inset-right)); }
.hud [hidden] { display: none; }
.hud.stores .gauge { margin-top: 9px; }
.keys { position: fixed; left: 50%; bottom: max(26px, env(safe-area-inset-bottom)); transform: translateX(-50%);
    padding: 14px 20px; display: grid; grid-template-columns: auto 1fr; gap: 5px 16px; transition: opacity 0.4s; }
.keys[hidden] { display: none; }
.keys b { font-weight: 600; color: var(--warm); text-align: right; white-space: nowrap; }
.keys span { color: var(--ink); }
.stick { position: fixed; left: -60px; top: -60px; width: 120px; height: 120px; border-radius: 50%; pointer-events: none;
    box-sizing: border-box; border: 1.5px solid rgba(255, 255, 255, 0.35); background: rgba(11, 17, 26, 0.22); }
.stick span { position: absolute; left: 36px; top: 36px; width: 46px; height: 46px; border-radius: 50%;
    background: rgba(255, 255, 255, 0.4); }
.toast { position: fixed; left: 50%; top: 26px; transform: translate(-50%, -14px); padding: 9px 17px; opacity: 0;
    transition: opacity 0.25s, transform 0.25s; pointer-events: none; }
.toast.shown { opacity: 1; transform: translate(-50%, 0); }
.pending { position: fixed; inset: 0 0 auto; height: 3px; pointer-events: none; opacity: 0; transition: opacity 0.5s; }
.pending.shown { opacity: 1; }
.pending i { position: absolute; inset: 0; transform-origin: left; transition: transform 0.25s linear;
    background: linear-gradient(90deg, #ffb467, #ffe2b8); box-shadow: 0 0 12px rgba(255, 190, 110, 0.7); }
.pending span { position: absolute; right: 14px; top: 11px; color: var(--ink); font-variant-numeric: tabular-nums;
    text-shadow: 0 1px 4px rgba(0, 0, 0, 0.75); }
#loading { position: fixed; inset: 0; display: grid; place-content: center; justify-items: center; gap: 16px; z-index: 2;
    text-align: center; transition: opacity 0.9s;
    background: radial-gradient(120% 90% at 50% 110%, #6d5a52 0%, #33405a 42%, #121a28 100%); }
#loading.gone { opacity: 0; pointer-events: none; }
#loading h1 { margin: 0; font-weight: 250; font-size: clamp(34px, 6vw, 60px); letter-spacing: 0.16em; text-indent: 0.16em; }
#loading p { margin: 0; color: var(--dim); min-height: 1.5em; font-variant-numeric: tabular-nums; }
#loading .bar { width: min(320px, 60vw); height: 2px; background: rgba(255, 255, 255, 0.16); overflow: hidden; }
#loading .bar i { display: block; height: 100%; background: var(--warm); transform: scaleX(0); transform-origin: left;
    transition: transform 0.3s ease-out; }
#loading.failed .bar { display: none; }
#loading.failed p { max-width: min(640px, 86vw); color: var(--ink); font-size: 15px; line-height: 1.6; white-space: pre-line;
    -webkit-user-select: text; user-select: text; }
@media (pointer: coarse) { .hud button { padding: 9px 12px; } }
@media (max-width: 560px) { .hud { width: 176px; font-size: 12px; } .hud .wide { display: none; }
    .hud.stores { top: auto; bottom: max(16px, env(safe-area-inset-bottom)); } }
@media (prefers-reduced-motion: reduce) { * { transition: none !important; } }
`;

export function addStyles(): void {
    const style = document.createElement("style");
    style.textContent = CSS;
    document.head.append(style);
}
