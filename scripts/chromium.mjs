import { execFileSync, spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge"];

/** WebGL 2 on a software renderer: the same picture on every machine, with or without a GPU. */
export const CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    // A page that no window shows must not be slowed down.
    "--disable-background-timer-throttling",
    "--disable-renderer-backgrounding",
    "--disable-backgrounding-occluded-windows",
];

/**
 * The path of a Chromium or Chrome: by `CHROME_PATH`, then the usual places, then Playwright's own.
 * @returns {string | null}
 */
export function findChromium() {
    const named = process.env.CHROME_PATH;
    if (named) {
        return isExecutable(named) ? named : null;
    }
    return [...onPath(), ...usualPlaces(), ...playwrightsOwn()].find(isExecutable) ?? null;
}

/**
 * As `findChromium`; else installs it by apt where that can be done without asking: on Debian or Ubuntu, as root.
 * Throws an error of one line that says what to install.
 * @returns {string}
 */
export function findOrInstallChromium() {
    const found = findChromium();
    if (found) {
        return found;
    }
    if (process.env.CHROME_PATH) {
        throw new Error(`CHROME_PATH is ${process.env.CHROME_PATH}, where there is no program: correct or unset it.`);
    }
    if (canUseApt()) {
        console.log("no Chromium found: installing it by apt-get ...");
        execFileSync("apt-get", ["update", "-q"], { stdio: "inherit" });
        execFileSync("apt-get", ["install", "-qy", "--no-install-recommends", "chromium"], {
            stdio: "inherit",
            env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
        });
        const installed = findChromium();
        if (installed) {
            return installed;
        }
    }
    throw new Error("The browser tests need Chromium or Chrome: install one, or set CHROME_PATH to its program.");
}

function onPath() {
    const folders = (process.env.PATH ?? "").split(path.delimiter).filter(Boolean);
    const suffix = process.platform === "win32" ? ".exe" : "";
    return NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name + suffix)));
}

function usualPlaces() {
    if (process.platform === "darwin") {
        return ["", homedir()].flatMap((base) => [
            `${base}/Applications/Google Chrome.app/Contents/MacOS/Google Chrome`,
            `${base}/Applications/Chromium.app/Contents/MacOS/Chromium`,
        ]);
    }
    if (process.platform === "win32") {
        return [process.env.PROGRAMFILES, process.env["PROGRAMFILES(X86)"], process.env.LOCALAPPDATA]
            .filter(Boolean)
            .flatMap((base) => [
                path.join(base, "Google/Chrome/Application/chrome.exe"),
                path.join(base, "Chromium/Application/chrome.exe"),
            ]);
    }
    return ["/usr/bin", "/usr/local/bin", "/snap/bin", "/opt/google/chrome"].flatMap((folder) =>
        NAMES.map((name) => path.join(folder, name)),
    );
}

function playwrightsOwn() {
    const caches = [
        process.env.PLAYWRIGHT_BROWSERS_PATH,
        path.join(homedir(), ".cache/ms-playwright"),
        path.join(homedir(), "Library/Caches/ms-playwright"),
        process.env.LOCALAPPDATA && path.join(process.env.LOCALAPPDATA, "ms-playwright"),
    ].filter((folder) => folder && existsSync(folder));
    const programs = [
        "chrome-linux/chrome",
        "chrome-linux64/chrome",
        "chrome-win/chrome.exe",
        "chrome-win64/chrome.exe",
        "chrome-mac/Chromium.app/Contents/MacOS/Chromium",
        "chrome-mac-arm64/Chromium.app/Contents/MacOS/Chromium",
    ];
    return caches.flatMap((cache) =>
        readdirSync(cache)
            .filter((name) => /^chromium-\d+$/.test(name))
            .sort((a, b) => Number(b.slice(9)) - Number(a.slice(9)))
            .flatMap((name) => programs.map((program) => path.join(cache, name, program))),
    );
}

function isExecutable(file) {
    try {
        accessSync(file, constants.X_OK);
        // Ubuntu's `chromium-browser` may be a script that only says to install the snap; that one shows when it runs.
        return statSync(file).isFile();
    } catch {
        return false;
    }
}

function canUseApt() {
    if (process.platform !== "linux" || process.getuid?.() !== 0 || !existsSync("/etc/os-release")) {
        return false;
    }
    const isDebianLike = /^(ID|ID_LIKE)=.*(debian|ubuntu)/m.test(readFileSync("/etc/os-release", "utf8"));
    return isDebianLike && spawnSync("apt-get", ["--version"]).status === 0;
}
