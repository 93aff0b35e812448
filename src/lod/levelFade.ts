/** How far an exchange of levels has come. All chunks of an exchange share one, so that each pixel has one of them. */
export interface LevelFade {
    /** 0 to 1: the share of pixels that have what comes. The others still have what goes. */
    readonly progress: number;
}
