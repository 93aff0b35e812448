declare module "isosurface" {
    export interface Isosurface {
        positions: [number, number, number][];
        cells: number[][];
    }
    type Mesher = (dims: readonly number[], potential: (x: number, y: number, z: number) => number) => Isosurface;
    export const surfaceNets: Mesher;
    export const marchingCubes: Mesher;
    export const marchingTetrahedra: Mesher;
}
