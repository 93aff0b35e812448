/**
 * A picture in memory, as `ImageData` is one: 8 bits a channel, rows from the top. Four channels (red, green, blue, alpha), three
 * (red, green, blue) or one (grey), by how many values there are.
 */
export interface Picture {
    /** Values from 0 to 255, texel after texel. */
    readonly data: Uint8Array | Uint8ClampedArray;
    /** Texels. */
    readonly width: number;
    /** Texels. */
    readonly height: number;
}

/** Pictures of one kind of ground, as PBR texture sets have them. All cover the same square; each may have a size of its own. */
export interface PictureSet {
    /** Colour, sRGB. */
    readonly albedo: Picture;
    /** Normals in tangent space. Default: those of the heights */
    readonly normal?: Picture | undefined;
    /** Heights, black to white. Default: level */
    readonly height?: Picture | undefined;
    /** Roughness, black to white, in the green channel, as glTF has it. Default: even */
    readonly roughness?: Picture | undefined;
}

/** Texels that a picture's side may have. */
export const MOST_PICTURE_SIZE = 4096;

/** Returns what is wrong with a picture, as the end of "It has ..."; null where nothing is. */
export function faultOfPicture({ data, width, height }: Picture): string | null {
    if (!(Number.isInteger(width) && width >= 1 && Number.isInteger(height) && height >= 1)) {
        return `a size of ${width} x ${height}`;
    }
    if (width !== height || width > MOST_PICTURE_SIZE) {
        return `${width} x ${height} texels`;
    }
    if (![1, 3, 4].includes(data.length / (width * height))) {
        return `${data.length} values for ${width} x ${height} texels`;
    }
    return null;
}

/** Returns how many channels a picture has: 1, 3 or 4. */
export function channelsOf({ data, width, height }: Picture): number {
    return data.length / (width * height);
}
