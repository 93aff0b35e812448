/** A ray over the plane, in samples: where it starts, and how far it goes with each metre. */
export interface PlaneRay {
    x: number;
    z: number;
    dx: number;
    dz: number;
}

/**
 * Walks the squares of a grid that a ray crosses, in order. The intervals of neighbours meet, and together they are the
 * whole ray. Borders are computed from the grid, not added up, so that grids of which one divides the other agree on
 * them to the last bit. Source: Amanatides and Woo, A fast voxel traversal algorithm, 1987.
 */
export class GridWalk {
    /** The current square, in squares from the origin of the ray's coordinates. */
    public x = 0;
    public z = 0;
    /** The interval of the ray over the square, metres from its start. */
    public from = 0;
    public to = 0;

    private _ray: PlaneRay = { x: 0, z: 0, dx: 0, dz: 0 };
    private _size = 1;
    private _end = 0;
    private _stepX = 0;
    private _stepZ = 0;
    /** The last squares along each axis: beyond them the walk is over. */
    private _lastX = 0;
    private _lastZ = 0;
    private _nextX = 0;
    private _nextZ = 0;

    /**
     * Goes to the first square.
     *
     * @param size samples along a square's side, a power of two
     * @param firstX the first square that may be walked; what rounding puts outside counts as the outermost square
     * @param firstZ the first square that may be walked
     * @param count squares along each axis that may be walked
     * @param from metres at which the walk begins
     * @param end metres at which the walk ends
     */
    public begin(
        ray: PlaneRay,
        size: number,
        firstX: number,
        firstZ: number,
        count: number,
        from: number,
        end: number,
    ): void {
        this._ray = ray;
        this._size = size;
        this._end = end;
        this.from = from;
        this.x = clamp(Math.floor((ray.x + ray.dx * from) / size), firstX, firstX + count - 1);
        this.z = clamp(Math.floor((ray.z + ray.dz * from) / size), firstZ, firstZ + count - 1);
        this._stepX = Math.sign(ray.dx);
        this._stepZ = Math.sign(ray.dz);
        this._lastX = ray.dx > 0 ? firstX + count - 1 : firstX;
        this._lastZ = ray.dz > 0 ? firstZ + count - 1 : firstZ;
        this._nextX = borderAt(this.x, ray.x, ray.dx, size);
        this._nextZ = borderAt(this.z, ray.z, ray.dz, size);
        this._findEnd();
    }

    /** Goes to the next square. Returns false if there is none. */
    public advance(): boolean {
        if (this.to >= this._end) {
            return false;
        }
        this.from = this.to;
        if (this._nextX <= this._nextZ) {
            this.x += this._stepX;
            this._nextX = borderAt(this.x, this._ray.x, this._ray.dx, this._size);
        } else {
            this.z += this._stepZ;
            this._nextZ = borderAt(this.z, this._ray.z, this._ray.dz, this._size);
        }
        this._findEnd();
        return true;
    }

    private _findEnd(): void {
        const isAcross = this._nextX <= this._nextZ;
        const isLast = isAcross ? this.x === this._lastX : this.z === this._lastZ;
        const next = isAcross ? this._nextX : this._nextZ;
        this.to = isLast || next > this._end ? this._end : Math.max(next, this.from);
    }
}

/** Returns the metres at which a ray leaves a square along one axis. */
function borderAt(square: number, origin: number, direction: number, size: number): number {
    return direction === 0
        ? Number.POSITIVE_INFINITY
        : ((direction > 0 ? square + 1 : square) * size - origin) / direction;
}

function clamp(value: number, low: number, high: number): number {
    return Math.min(Math.max(value, low), high);
}
