// How views come about: each manner brings its stage to where a picture is worth looking at.
import type { Random } from "../support/randomRecipe.js";
import type { CrackStage } from "./crackStage.js";
import type { Pose } from "./places.js";
import { sideAt } from "../../src/space/topology.js";
import type { Manner, View } from "./views.js";

export interface Arrangement {
    readonly stage: CrackStage;
    readonly view: View;
    /** Decides what depends on what is drawn. */
    readonly random: Random;
    /** Draws a picture and looks at it. */
    look(): void;
}

/** Frames without uploads after which siblings are drawn together, and a few more. */
const MERGE_FRAMES = 30;
/** Pictures of a flight, and metres from one to the next: what 60 m/s are at 3 frames a second, on a slow device. */
const FLIGHT_FRAMES = 5;
const FLIGHT_STEP = 20;
/** Frames without anything to wait for after which all exchanges that can have begun. */
const CALM_FRAMES = 3;
/** Metres around an eye whose chunks are not late. */
const NOT_LATE = 10;
/** Metres around it within which others may be. */
const MAY_BE_LATE = 800;
/** Bytes a frame while a view is to be caught half loaded. */
const SLOW_BYTES = 512 * 1024;

const ARRANGEMENTS: Record<Manner, (arrangement: Arrangement) => Promise<void>> = {
    still: stillAsync,
    grazing: stillAsync,
    down: stillAsync,
    border: borderAsync,
    flight: flightAsync,
    late: (arrangement) => (arrangement.random.next() < 0.5 ? pausedAsync(arrangement) : withheldAsync(arrangement)),
    dissolve: dissolveAsync,
};

/** Brings a view about and has it looked at, once or more. */
export async function arrangeAsync(arrangement: Arrangement): Promise<void> {
    const { stage, view } = arrangement;
    const { world } = stage;
    await ARRANGEMENTS[view.manner](arrangement);
    world.isSelectionFrozen = false;
    world.isStreamingPaused = false;
}

async function stillAsync({ stage, view, random, look }: Arrangement): Promise<void> {
    stage.moveTo(view.pose);
    await stage.settleAsync();
    await mergeAsync(stage, random);
    look();
}

/** Siblings are drawn together in every other view. */
async function mergeAsync(stage: CrackStage, random: Random): Promise<void> {
    const frames = random.next() < 0.5 ? 0 : MERGE_FRAMES;
    for (let i = 0; i < frames; i++) {
        await stage.frameAsync();
    }
}

/** The levels are those of a viewer some way off; in the open, the eye goes to a border of them. */
async function borderAsync({ stage, view, random, look }: Arrangement): Promise<void> {
    const { pose, standOff } = view;
    for (let share = 1; ; share = share > 0.05 ? share / 2 : 0) {
        stage.moveTo({ ...pose, x: pose.x + share * standOff.x, z: pose.z + share * standOff.z });
        await stage.settleAsync();
        if (view.place === "open" || share === 0 || stage.rule.isOpen(pose)) {
            break;
        }
    }
    await mergeAsync(stage, random);
    stage.world.isSelectionFrozen = true;
    stage.moveTo(view.place === "open" ? poseAtBorder(stage, random) : pose);
    await stage.frameAsync();
    look();
}

/** Returns a pose that looks at a random place of a random border between two levels. */
function poseAtBorder({ drawn, world, rule, camera }: CrackStage, random: Random): Pose {
    const { position } = camera;
    const borders = drawn.borders().filter(({ x, z }) => Math.hypot(x - position.x, z - position.z) < 3000);
    for (let attempt = 0; attempt < 100 && borders.length > 0; attempt++) {
        const border = random.pick(borders);
        const along = random.next() - 0.5;
        const x = border.x + along * border.length * border.alongX;
        const z = border.z + along * border.length * (1 - border.alongX);
        const angle = random.next() * 2 * Math.PI;
        const away = 4 + 0.6 * border.length * random.next();
        const ground = world.sampleHeight(x, z);
        const eye = { x: x + Math.cos(angle) * away, y: 0, z: z + Math.sin(angle) * away };
        eye.y = Math.max(ground, world.sampleHeight(eye.x, eye.z)) + 1 + away * random.next();
        if (rule.isOpen(eye)) {
            const yaw = Math.atan2(x - eye.x, z - eye.z);
            return { ...eye, yaw, pitch: Math.atan2(eye.y - ground, away) };
        }
    }
    throw new Error("no border of levels is near");
}

/** Every frame is drawn, as streaming has left it. */
async function flightAsync({ stage, view, random, look }: Arrangement): Promise<void> {
    const { world } = stage;
    const { pose } = view;
    const clearance = 12 + 40 * random.next();
    for (let frame = 0; frame <= FLIGHT_FRAMES; frame++) {
        const x = pose.x + Math.sin(pose.yaw) * FLIGHT_STEP * frame;
        const z = pose.z + Math.cos(pose.yaw) * FLIGHT_STEP * frame;
        stage.moveTo({ ...pose, x, y: world.sampleHeight(x, z) + clearance, z });
        if (frame === 0) {
            await stage.settleAsync();
        } else {
            await stage.frameAsync();
            look();
        }
    }
}

/** Streaming pauses half-way to a place far from the last one. */
async function pausedAsync({ stage, view, random, look }: Arrangement): Promise<void> {
    const { world } = stage;
    const { applyBudgetBytes } = world;
    stage.moveTo(view.pose);
    world.applyBudgetBytes = SLOW_BYTES;
    const enough = stage.shownCount + random.whole(5, 150);
    const isReady = stage.readiness();
    await stage.framesUntilAsync(() => isReady() || (stage.shownCount >= enough && stage.rule.isOpen(view.pose)));
    world.isStreamingPaused = true;
    world.applyBudgetBytes = applyBudgetBytes;
    look();
}

/** Some squares stay coarse, whatever is wanted there. */
async function withheldAsync({ stage, view, random, look }: Arrangement): Promise<void> {
    const { late, world } = stage;
    const { pose } = view;
    late.leftOut.length = 0;
    late.isLate = lateSquares(world.recipe.chunkSize, pose, random);
    stage.moveTo(pose);
    await stage.settleAsync();
    await mergeAsync(stage, random);
    look();
    late.isLate = () => false;
    // What was given up has another chance.
    const reach = 2 * MAY_BE_LATE;
    world.invalidate({
        minimum: { x: pose.x - reach, y: 0, z: pose.z - reach },
        maximum: { x: pose.x + reach, y: 0, z: pose.z + reach },
    });
}

/** Returns what tells the chunks that are late: those in every other square of one level around the eye, but for the eye's own. */
function lateSquares(
    chunkSize: number,
    pose: Pose,
    random: Random,
): (address: { level: number; x: number; z: number }) => boolean {
    const stayingLevel = random.whole(1, 5);
    const salt = random.whole(1, 2 ** 30);
    const side = sideAt(chunkSize, stayingLevel);
    return ({ level, x, z }) => {
        if (level >= stayingLevel) {
            return false;
        }
        const own = sideAt(chunkSize, level);
        const squareX = Math.floor((x * own) / side);
        const squareZ = Math.floor((z * own) / side);
        const distance = Math.hypot(outside(pose.x, squareX * side, side), outside(pose.z, squareZ * side, side));
        const isOdd = (Math.imul(squareX * 31 + squareZ, salt | 1) >>> 16) & 1;
        return distance > NOT_LATE && distance < MAY_BE_LATE && isOdd === 1;
    };
}

function outside(value: number, low: number, length: number): number {
    return Math.max(low - value, value - low - length, 0);
}

/** The clock stands still while exchanges are under way. */
async function dissolveAsync({ stage, view, random, look }: Arrangement): Promise<void> {
    const { clock } = stage;
    const { pose, standOff } = view;
    stage.moveTo({ ...pose, x: pose.x + standOff.x, z: pose.z + standOff.z });
    await stage.settleAsync();
    await mergeAsync(stage, random);
    clock.stop();
    stage.moveTo(pose);
    let calm = 0;
    await stage.framesUntilAsync(() => {
        calm = stage.isIdle ? calm + 1 : 0;
        return calm > CALM_FRAMES;
    });
    clock.advance(1000 * stage.world.levelFadeTime * (0.1 + 0.8 * random.next()));
    if (!stage.rule.isOpen(pose)) {
        // The eye's own chunk is among them, and the coarser one has rock where the eye is.
        clock.goOn();
        await stage.settleAsync();
    }
    look();
    if (clock.isStopped) {
        clock.goOn();
    }
}
