/** What crosses between threads where a worker draws the ground's textures. */

/** Asks for layers and the noise texture: once for each worker. */
export interface DrawRequest {
    /** Texels along a side. */
    readonly size: number;
    /** Layers to draw, in this order. */
    readonly layers: readonly number[];
}

/** A layer, the noise that comes first, or why nothing more comes. Pictures come by transfer. */
export type DrawEvent =
    | {
          readonly kind: "layer";
          readonly layer: number;
          readonly color: Uint8Array<ArrayBuffer>;
          readonly relief: Uint8Array<ArrayBuffer>;
      }
    | { readonly kind: "noise"; readonly bytes: Uint8Array<ArrayBuffer> }
    | { readonly kind: "failed"; readonly message: string };
