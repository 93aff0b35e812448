/** What it looks at: a `ViewStream`. */
export interface AwaitedPicture {
    readonly selection: { readonly pass: number };
    readonly hasAll: boolean;
    readonly isChosen: boolean;
    hasFaded(pass: number): boolean;
}

/**
 * Waits for a whole picture whose fades are over. Viewers may move on meanwhile, by which ever new ones begin: those that had
 * begun when the picture was whole first are waited for, and no others.
 */
export class PictureWait {
    /** The pass in which the picture was whole first; -1 until it is. */
    private _pass = -1;

    /** Returns whether the wait is over; it begins anew then. Ask once a frame, or now and then. */
    public isOver(picture: AwaitedPicture): boolean {
        if (this._pass < 0 && picture.isChosen) {
            this._pass = picture.selection.pass;
        }
        const isOver = this._pass >= 0 && picture.hasAll && picture.hasFaded(this._pass);
        if (isOver) {
            this._pass = -1;
        }
        return isOver;
    }
}
