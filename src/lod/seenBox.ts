import type { Place } from "../space/topology.js";

/** Numbers of a slab: three of its direction, and its offset. */
const SLAB = 4;
/** Slabs between the pairs of planes; and what follows of each two of them for x alone and for z alone. */
const PAIRS = 3;
const SLABS = PAIRS + 2 * PAIRS;
/** Sine of the flattest angle under which a plane is looked at from above. */
const LEAST_PITCH = 0.05;

/**
 * What an orthographic picture shows: the places between three pairs of planes, left and right, below and above, near and
 * far. A place `d` metres from the viewer is between a pair where `|x * d.x + y * d.y + z * d.z + offset| <= 1`.
 */
export class SeenBox {
    private readonly _slabs = new Float64Array(SLABS * SLAB);

    /**
     * To be followed by `setOutlines` once all pairs are set.
     *
     * @param pair 0: left and right, 1: below and above, 2: near and far. All 0: it shuts nothing out
     */
    public setPair(pair: number, x: number, y: number, z: number, offset: number): void {
        const at = pair * SLAB;
        this._slabs[at] = x;
        this._slabs[at + 1] = y;
        this._slabs[at + 2] = z;
        this._slabs[at + 3] = offset;
    }

    /** Works out how far the picture reaches along the map's axes, without which a picture askew to these would touch too much. */
    public setOutlines(): void {
        let at = PAIRS * SLAB;
        for (let pair = 0; pair < PAIRS; pair++) {
            const first = pair * SLAB;
            const second = ((pair + 1) % PAIRS) * SLAB;
            this._eliminate(first, second, 2, at);
            this._eliminate(first, second, 0, at + SLAB);
            at += 2 * SLAB;
        }
    }

    public isFinite(): boolean {
        let sum = 0;
        for (let i = 0; i < this._slabs.length; i++) {
            sum += this._slabs[i]!;
        }
        return Number.isFinite(sum);
    }

    public copyFrom(other: SeenBox): void {
        this._slabs.set(other._slabs);
    }

    /** The viewer has moved by so many metres, and what is seen has stayed where it was. */
    public moveViewer(x: number, y: number, z: number): void {
        const slabs = this._slabs;
        for (let at = 0; at < slabs.length; at += SLAB) {
            slabs[at + 3]! += slabs[at]! * x + slabs[at + 1]! * y + slabs[at + 2]! * z;
        }
    }

    /**
     * Where a level plane is in the middle of the picture: metres from the viewer, `ref.y` as given. False where the
     * picture hardly shows it from above or below, or not between near and far.
     */
    public findMiddle(y: number, ref: { x: number; y: number; z: number }): boolean {
        const slabs = this._slabs;
        const ax = slabs[0]!;
        const ay = slabs[1]!;
        const az = slabs[2]!;
        const bx = slabs[SLAB]!;
        const by = slabs[SLAB + 1]!;
        const bz = slabs[SLAB + 2]!;
        const a = -(slabs[3]! + ay * y);
        const b = -(slabs[SLAB + 3]! + by * y);
        const determinant = ax * bz - bx * az;
        const scale = (ax * ax + ay * ay + az * az) * (bx * bx + by * by + bz * bz);
        if (!(determinant * determinant > LEAST_PITCH * LEAST_PITCH * scale)) {
            return false;
        }
        const x = (a * bz - b * az) / determinant;
        const z = (ax * b - bx * a) / determinant;
        const far = 2 * SLAB;
        if (Math.abs(slabs[far]! * x + slabs[far + 1]! * y + slabs[far + 2]! * z + slabs[far + 3]!) > 1) {
            return false;
        }
        ref.x = x;
        ref.y = y;
        ref.z = z;
        return true;
    }

    /**
     * Whether any of a box may be seen: never false for one that is.
     *
     * @param viewer where the viewer is
     * @param box least x, y, z and greatest x, y, z in metres
     */
    public touches(viewer: Place, box: Float64Array): boolean {
        const slabs = this._slabs;
        const x = (box[0]! + box[3]!) / 2 - viewer.x;
        const y = (box[1]! + box[4]!) / 2 - viewer.y;
        const z = (box[2]! + box[5]!) / 2 - viewer.z;
        const halfX = (box[3]! - box[0]!) / 2;
        const halfY = (box[4]! - box[1]!) / 2;
        const halfZ = (box[5]! - box[2]!) / 2;
        for (let at = 0; at < slabs.length; at += SLAB) {
            const sx = slabs[at]!;
            const sy = slabs[at + 1]!;
            const sz = slabs[at + 2]!;
            const middle = Math.abs(sx * x + sy * y + sz * z + slabs[at + 3]!);
            if (middle > 1 + Math.abs(sx) * halfX + Math.abs(sy) * halfY + Math.abs(sz) * halfZ) {
                return false;
            }
        }
        return true;
    }

    /** Writes the slab that two others leave for places of any x (`axis` 0) or z (2). */
    private _eliminate(first: number, second: number, axis: number, at: number): void {
        const slabs = this._slabs;
        const a = slabs[first + axis]!;
        const b = slabs[second + axis]!;
        const sum = Math.abs(a) + Math.abs(b);
        for (let i = 0; i < SLAB; i++) {
            slabs[at + i] = sum > 0 ? (b * slabs[first + i]! - a * slabs[second + i]!) / sum : 0;
        }
        // What rounding leaves of it would be taken for a direction.
        slabs[at + axis] = 0;
    }
}
