/** Chunks that a topology names, all of one level. Filled anew without garbage. */
export class ChunkList {
    public count = 0;
    public faces = new Int32Array(16);
    public xs = new Int32Array(16);
    public zs = new Int32Array(16);
    /** Metres over the ground, where the question was how far chunks are. */
    public distances = new Float64Array(16);

    public clear(): void {
        this.count = 0;
    }

    /** Adds a chunk, whose distance is what was last written to its place. */
    public add(face: number, x: number, z: number): void {
        const at = this.count++;
        if (at === this.xs.length) {
            this._grow();
        }
        this.faces[at] = face;
        this.xs[at] = x;
        this.zs[at] = z;
    }

    private _grow(): void {
        const { faces, xs, zs, distances } = this;
        const length = 2 * xs.length;
        (this.faces = new Int32Array(length)).set(faces);
        (this.xs = new Int32Array(length)).set(xs);
        (this.zs = new Int32Array(length)).set(zs);
        (this.distances = new Float64Array(length)).set(distances);
    }
}
