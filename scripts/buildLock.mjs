import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as delayAsync } from "node:timers/promises";

/**
 * Runs `action` while no other process does so under the same file: `npm start` and `npm test` may build at once.
 * A lock whose owner is gone is taken over.
 */
export async function withLockAsync(file, action) {
    mkdirSync(path.dirname(file), { recursive: true });
    while (!tryLock(file)) {
        await delayAsync(200);
    }
    try {
        return await action();
    } finally {
        rmSync(file, { force: true });
    }
}

function tryLock(file) {
    try {
        writeFileSync(file, String(process.pid), { flag: "wx" });
        return true;
    } catch (error) {
        if (error.code !== "EEXIST") {
            throw error;
        }
        if (!isOwnerAlive(file)) {
            rmSync(file, { force: true });
        }
        return false;
    }
}

function isOwnerAlive(file) {
    try {
        const owner = Number(readFileSync(file, "utf8"));
        // An empty file is one that its owner is about to fill.
        return owner === 0 || process.kill(owner, 0);
    } catch (error) {
        return error.code === "EPERM";
    }
}
