/** Pixels that a press may move and still be a click. */
const CLICK_SLOP = 5;
const CLICK_MS = 350;
/** Pixels from the middle of the touch stick to full speed. */
const STICK_RADIUS = 60;

/**
 * Reads mouse and touch on the canvas: a drag looks round; a click takes the pointer, which then looks without a
 * button, until Escape. On a touch screen the left part is a stick to move by, the right part looks.
 */
export class PointerInput {
    /** Pixels that the look moved since they were last taken. */
    public lookX = 0;
    public lookY = 0;
    /** The touch stick, -1 to 1: x to the right, y forward. */
    public stickX = 0;
    public stickY = 0;
    /** Notches of the wheel since they were last taken, positive away from the user. */
    public wheel = 0;

    private _lookPointer = -1;
    private _stickPointer = -1;
    private _lastX = 0;
    private _lastY = 0;
    private _startX = 0;
    private _startY = 0;
    private _stickStartX = 0;
    private _stickStartY = 0;
    private _startMs = 0;
    private _stick: HTMLElement | null = null;
    private readonly _end = new AbortController();

    public constructor(private readonly _canvas: HTMLCanvasElement) {
        const { signal } = this._end;
        _canvas.style.touchAction = "none";
        _canvas.addEventListener("pointerdown", (event) => this._onDown(event), { signal });
        _canvas.addEventListener("pointermove", (event) => this._onMove(event), { signal });
        _canvas.addEventListener("pointerup", (event) => this._onUp(event), { signal });
        _canvas.addEventListener("pointercancel", (event) => this._onUp(event), { signal });
        _canvas.addEventListener("contextmenu", (event) => event.preventDefault(), { signal });
        _canvas.addEventListener(
            "wheel",
            (event) => {
                event.preventDefault();
                this.wheel -= Math.sign(event.deltaY) * Math.min(1, Math.abs(event.deltaY) / 60);
            },
            { signal, passive: false },
        );
    }

    public takeLook(): void {
        this.lookX = 0;
        this.lookY = 0;
    }

    public dispose(): void {
        this._end.abort();
        this._stick?.remove();
    }

    private _onDown(event: PointerEvent): void {
        this._canvas.setPointerCapture(event.pointerId);
        const isStick = event.pointerType === "touch" && event.clientX < this._canvas.clientWidth * 0.42;
        if (isStick && this._stickPointer === -1) {
            this._stickPointer = event.pointerId;
            this._stickStartX = event.clientX;
            this._stickStartY = event.clientY;
            this._showStick(true);
        } else if (this._lookPointer === -1) {
            this._lookPointer = event.pointerId;
            this._lastX = this._startX = event.clientX;
            this._lastY = this._startY = event.clientY;
            this._startMs = event.timeStamp;
        }
    }

    private _onMove(event: PointerEvent): void {
        if (document.pointerLockElement === this._canvas) {
            this.lookX += event.movementX;
            this.lookY += event.movementY;
        } else if (event.pointerId === this._stickPointer) {
            const x = (event.clientX - this._stickStartX) / STICK_RADIUS;
            const y = (event.clientY - this._stickStartY) / STICK_RADIUS;
            const length = Math.max(1, Math.hypot(x, y));
            this.stickX = x / length;
            this.stickY = -y / length;
            this._showStick(true);
        } else if (event.pointerId === this._lookPointer) {
            this.lookX += event.clientX - this._lastX;
            this.lookY += event.clientY - this._lastY;
            this._lastX = event.clientX;
            this._lastY = event.clientY;
        }
    }

    private _onUp(event: PointerEvent): void {
        if (event.pointerId === this._stickPointer) {
            this._stickPointer = -1;
            this.stickX = 0;
            this.stickY = 0;
            this._showStick(false);
        }
        if (event.pointerId !== this._lookPointer) {
            return;
        }
        this._lookPointer = -1;
        const moved = Math.hypot(event.clientX - this._startX, event.clientY - this._startY);
        const isClick = moved < CLICK_SLOP && event.timeStamp - this._startMs < CLICK_MS;
        if (event.type === "pointerup" && event.pointerType === "mouse" && event.button === 0 && isClick) {
            // Refused soon after Escape, or in a frame that may not: looking by a drag still works.
            Promise.resolve(this._canvas.requestPointerLock?.()).catch(() => {});
        }
    }

    private _showStick(isShown: boolean): void {
        this._stick ??= createStick();
        this._stick.hidden = !isShown;
        this._stick.style.transform = `translate(${this._stickStartX}px, ${this._stickStartY}px)`;
        const knob = this._stick.firstElementChild as HTMLElement;
        knob.style.transform = `translate(${this.stickX * STICK_RADIUS}px, ${-this.stickY * STICK_RADIUS}px)`;
    }
}

function createStick(): HTMLElement {
    const stick = document.createElement("div");
    stick.className = "stick";
    stick.append(document.createElement("span"));
    document.body.append(stick);
    return stick;
}
