// Made from assembly/ by `node scripts/kernelTypes.mjs`. Do not edit it.

/**
 * The functions that `terrane.wasm` exports. Addresses and lengths are bytes, flags are 0 or 1. All but `hash64` work in an
 * arena that is laid out anew for each job. Any call may grow the memory, so views are taken anew after each.
 */
export interface KernelExports {
    readonly memory: WebAssembly.Memory;

    // Memory, and what may go wrong.
    /** Returns the address behind all that is reserved. */
    arenaTop(): number;
    /**
     * Reserves bytes for the present job and returns their address, which lies on a 16-byte border. They hold what earlier jobs
     * left. Grows the memory where it must, which detaches the host's views; fails where the host gives no more, or where 128 MB
     * are used up.
     */
    reserve(bytes: number): number;
    /** Forgets all that was reserved for a job. */
    resetArena(): void;
    /**
     * Returns why the last job was given up and forgets it: `MEMORY_FULL`, `TOO_MANY_VERTICES` or `TOO_MANY_CROSSINGS` after a
     * call that trapped, else 0.
     */
    takeFailure(): number;
    /** Returns the xxHash64, with seed 0, of `length` bytes. The host gets it signed, as wasm has no unsigned integers. */
    hash64(at: number, length: number): bigint;

    // The world, whenever the host turns to another.
    /** Sets an octave of the terrain. Lengths are in level-0 samples: see `Octave`. */
    setOctave(
        i: number,
        seed: number,
        period: number,
        offsetX: number,
        offsetZ: number,
        amplitude: number,
        slopeScale: number,
        isRidged: number,
    ): void;
    /** Sets how many octaves the terrain has, and how much slope damps them. */
    setTerrain(octaves: number, slopeDamping: number): void;
    /**
     * Sets which land is carved, and how far gullies take the place of the octaves of detail that are finer than what they follow.
     *
     * @param least relief from which on there are gullies and beds
     * @param range what relief rises by from there until they are in full
     * @param replacedShare share of finer detail that gives way there, 0 to 1
     */
    setCarvedLand(least: number, range: number, replacedShare: number): void;
    /**
     * Sets where gullies of the world lie, and what they follow.
     *
     * @param octaves 0 is none
     * @param period side of the widest cells in level-0 samples
     * @param byNode slope, metres a metre, of a macro field that rises by a metre a node
     * @param byCell slope of detail of a metre's amplitude that rises by that over a cell of its first octave
     * @param floor how far their floors lie below the land, in amplitudes
     */
    setGullies(octaves: number, period: number, byNode: number, byCell: number, floor: number): void;
    /**
     * Sets an octave of gullies.
     *
     * @param period cell side in level-0 samples, a power of two
     * @param depth metres
     * @param turn by how much a stripe of one metre turns the slope
     */
    setGully(i: number, seed: number, period: number, depth: number, turn: number): void;
    /**
     * Sets the beds of the world.
     *
     * @param thickness metres from a bed to the next; 0 is none
     * @param strength how far ground follows the steps of the hardest bed, 0 to 1
     * @param ledge how far its ledges lie below the ground as it was, in thicknesses at full strength
     * @param alongX, alongZ beds by level-0 sample: how they are tilted
     */
    setBeds(thickness: number, strength: number, ledge: number, seed: number, alongX: number, alongZ: number): void;
    /** Sets the seed of octave i, and that there are i + 1 octaves. */
    setCaveOctave(i: number, seed: number): void;
    /**
     * Sets what caves are like on a level. Lengths are in samples of the level.
     *
     * @param samplesToQuanta quanta from sample to sample, a power of two
     * @param radius of tunnels
     * @param maxDepth below the surface at which caves end; whole quanta
     * @param sea height above y = 0 from which caves begin; whole quanta
     * @param mouth samples of cave distance for each unit that mouths are short of opening
     * @param distance samples of distance for each unit of noise
     * @param rough samples by which the coarsest octave makes walls rough
     * @param lip samples over which the edges of mouths are rounded, 1.5 at most
     */
    setCaves(
        samplesToQuanta: number,
        radius: number,
        maxDepth: number,
        sea: number,
        mouth: number,
        distance: number,
        rough: number,
        lip: number,
    ): void;
    /**
     * Sets the ledges of a level.
     *
     * @param nodesPerBed nodes from a bed to the next; 0 is none
     * @param samples by which the hardest beds move walls
     * @param alongX, alongZ nodes by which beds rise for each node along x and z
     */
    setLedges(nodesPerBed: number, samples: number, bedSeed: number, alongX: number, alongZ: number): void;

    // A grid of samples. `layoutGrid` begins a job.
    /** Begins a job: forgets the last one and lays out a grid of samples. */
    layoutGrid(samplesX: number, samplesZ: number): void;
    /** Returns the address of the macro fields: f32, one plane of samples a channel. */
    macroPlanesStart(): number;
    /** Returns the bytes from one line of samples (equal z) to the next in a plane. */
    planeLineBytes(): number;
    /** Returns the bytes from one macro field to the next. */
    planeSize(): number;
    /** Returns the address of the heights, f32 in whole quanta of the level, one plane of samples. */
    quantaPlane(): number;
    /** Returns the address of the heights before rounding, f32 in metres, one plane of samples. */
    smoothPlane(): number;
    /**
     * Fills the macro fields of the grid, interpolating between their nodes.
     *
     * @param nodes f32, [node z][channel][node x]: from one node before the first sample's to two behind the last sample's
     * @param nodeStride floats from one channel's line of nodes to the next, a multiple of 4
     * @param x, z the first sample in nodes, less the first node's own number: in [1, 2)
     * @param step nodes between samples, a power of two
     * @param throughNodes whether by the spline of planets
     */
    fillMacro(nodes: number, nodeStride: number, x: number, z: number, step: number, throughNodes: number): void;
    /**
     * Fills samples of the grid that lie beyond a face's border, from nodes of the neighbour's chart and to the last bit as the
     * neighbour does. Call `fillMacro` first.
     *
     * @param nodes see `fillMacro`; of the neighbour's chart, as are x, z and step
     * @param samplesX, samplesZ how many, in the neighbour's sense
     * @param to index of the first one in the grid, in floats from the first sample's
     * @param strideX, strideZ floats in the grid to the next one in the neighbour's sense, which may be less than 0
     */
    fillMacroStrip(
        nodes: number,
        nodeStride: number,
        x: number,
        z: number,
        step: number,
        samplesX: number,
        samplesZ: number,
        to: number,
        strideX: number,
        strideZ: number,
    ): void;
    /**
     * Fills heights from the macro fields and the octaves, in metres and in quanta.
     *
     * @param x, z the first sample, in level-0 samples
     * @param step level-0 samples between samples, a power of two
     * @param spacing metres between samples
     * @param metersToQuanta a power of two
     * @param margin columns around a chunk whose border `levelGap` is asked of; less than 0 where it is not
     */
    fillHeights(x: number, z: number, step: number, spacing: number, metersToQuanta: number, margin: number): void;
    /**
     * Returns the most by which the border may lie above the ground of another level, in quanta before rounding: of coarser levels
     * whose samples the chunk has, exactly.
     */
    levelGap(): number;
    /**
     * Fills the planes above for all columns but the outermost.
     *
     * @param firstRow samples from y = 0
     */
    fillColumns(firstRow: number): void;
    /** Returns the highest height that `measureHeights` found, in quanta. */
    highestQuantum(): number;
    /** Returns the lowest height that `measureHeights` found, in quanta. */
    lowestQuantum(): number;
    /** Measures the lowest and the highest quantum of the grid, `margin` columns around aside. */
    measureHeights(margin: number): void;
    /** Returns whether any column has caves. The outermost columns of the grid do not count. */
    touchesCaveCountry(): number;

    // The same on a planet.
    /**
     * Fills the places of the grid's samples. Those beyond the face's border are the neighbour's.
     *
     * @param face 0 to 5
     * @param x, z the first sample, in samples of the level
     * @param count samples from edge to edge of the face, a power of two
     */
    fillPlaces(face: number, x: number, z: number, count: number): void;
    /** Returns the address of the places' x: f64 for each sample, lines twice as long as the grid's. Those of y and z follow. */
    placesStart(): number;
    /**
     * Fills heights from the macro fields and the octaves, in metres and in quanta. `fillPlaces` comes first.
     *
     * @param radius of the planet, in level-0 samples
     * @param step level-0 samples between samples, a power of two
     * @param spacing metres between samples
     * @param metersToQuanta a power of two
     * @param margin columns around a chunk whose border `levelGap` is asked of; less than 0 where it is not
     */
    fillPlacedHeights(radius: number, step: number, spacing: number, metersToQuanta: number, margin: number): void;
    /**
     * Fills the lattice with the distance to the tunnels, over a box of nodes.
     *
     * @param face 0 to 5
     * @param x, y, z the box's first node
     * @param samplesPerNode a power of two
     * @param gridX, gridZ the grid's first sample
     * @param count nodes from edge to edge of the face, a power of two
     * @param radius of the planet, in nodes
     * @param period as `fillCaveLattice` takes it
     */
    fillPlacedCaves(
        face: number,
        x: number,
        y: number,
        z: number,
        nodesX: number,
        nodesY: number,
        nodesZ: number,
        samplesPerNode: number,
        gridX: number,
        gridZ: number,
        count: number,
        radius: number,
        period: number,
    ): void;
    /**
     * Bends the surface. `fillPlaces` has filled the places of its grid.
     *
     * @param around columns of the grid around the chunk
     * @param metres of the planet's radius
     * @param metresOfQuantum a power of two
     * @param quantaOfStep quanta from column to column, a power of two
     * @param altitude quanta from altitude 0 up to positions' y = 0
     * @param x, y, z the bent chunk's origin, in quanta along the planet's axes
     * @param gridSlopes 1 / (two samples in metres) where the surface is a height grid, whose normals are its slopes'; else 0
     * @returns whether all positions fit int16
     */
    bendSurface(
        around: number,
        metres: number,
        metresOfQuantum: number,
        quantaOfStep: number,
        altitude: number,
        x: number,
        y: number,
        z: number,
        gridSlopes: number,
    ): number;

    // Noise at points anywhere, within a job.
    /**
     * Adds noise at the first `count` points to sums, f64 a point.
     *
     * @param xs, ys f64 a point, in whole vectors
     * @param table 256 bytes: the permutation that the package makes of a seed
     * @param times, over coordinates are multiplied by the one, then divided by the other
     * @param weight what the noise counts
     * @param sums f64 a point, in whole vectors
     */
    addOpenSimplex2(
        xs: number,
        ys: number,
        count: number,
        table: number,
        times: number,
        over: number,
        weight: number,
        sums: number,
    ): void;
    /**
     * Adds `weight` times the values at the first `count` points in space to a plane of sums, f32 in whole vectors. Leaves the values
     * where `simplex3Points` does.
     */
    addSimplex3(at: number, count: number, seed: number, scale: number, weight: number, sums: number): void;
    /**
     * Makes room for points in the present job. There are planes of one number a point: x, y, z in f64, then value and derivatives by x, y, z in
     * f32. In two dimensions y and its derivative are left alone.
     *
     * @returns the address of the first plane
     */
    layoutPoints(count: number): number;
    /** Returns the bytes of one f32 for each point, in whole vectors. */
    pointPlaneBytes(): number;
    /**
     * Fills values at the first `count` points in space, -1 to 1, and derivatives by cell where wanted. One unit of position is
     * `scale` cells, of which points are less than 2^50 from the origin.
     */
    simplex3Points(at: number, count: number, seed: number, scale: number, withSlopes: number): void;

    // Caves below it.
    /**
     * Fills the lattice with the distance to the tunnels, over a box given in nodes.
     *
     * @param period cell side in nodes, a power of two from 4 up, of the two octaves that lay the tunnels
     */
    fillCaveLattice(
        x: number,
        y: number,
        z: number,
        countX: number,
        countY: number,
        countZ: number,
        period: number,
    ): void;
    /** Returns the address of the distances, f32: slice by slice, column by column, upwards. */
    distancesStart(): number;
    /** Prepares to fill slices from the lattice: makes room for blended nodes, and finds which nodes lie near caves. */
    layoutBlend(): void;
    /**
     * Lays out the slices of a box of samples.
     *
     * @param x, firstRow, z the box's first sample, in samples from the origin; `firstRow` a multiple of 8 and of a node
     * @param samplesPerNode a power of two
     * @param kept slices that are kept at once: `SLICES_KEPT`, or all of them
     * @param around columns around the chunk
     */
    layoutSlices(
        x: number,
        firstRow: number,
        z: number,
        rowCount: number,
        samplesPerNode: number,
        kept: number,
        around: number,
    ): void;
    /**
     * Returns how far below the ground of the chunk's borders air may be at any level, in quanta.
     *
     * @param margin columns around the chunk
     * @param reach see `turnToBorder`
     */
    deepestAir(margin: number, reach: number): number;
    /**
     * Finds which cells are coarse, of slices that `fillSlices` has filled and that are kept, and closes mouths at the rim of
     * fine ones.
     */
    coarsenSlices(): void;
    /** Fills all slices but the outermost, where all are kept. What no vertex may ask for is far from caves. */
    fillSlices(): void;
    /**
     * Returns the row from which on cells have one sample a side, in the coarse cell that holds the cell at x, z; below they
     * have two.
     */
    firstFineRowOfCell(x: number, z: number): number;

    // A chunk's surface, and its bytes.
    /**
     * Makes the surface of a chunk where caves change it.
     *
     * @param around columns of the grid around the chunk
     * @param origin quanta from row 0 to the positions' y = 0
     * @param daylight samples of rock after which no daylight shows on cave walls
     * @param lip samples from a mouth's edge over which ground turns to cave rock
     * @param slopeScale 1 / (two samples in metres)
     * @param isGiven whether distances are given for all slices
     * @returns whether caves change anything; else there is no surface, and the chunk is its height grid's
     */
    meshVolume(
        around: number,
        origin: number,
        daylight: number,
        lip: number,
        slopeScale: number,
        isGiven: number,
    ): number;
    /**
     * Adds the skirts: rock, from the surface's outlines in the borders down to rims of dark rock.
     *
     * @param depth quanta that rims lie below the ground, and below caves that other levels may have
     * @param reach samples from a tunnel's wall up to which another level may have it
     * @param margin columns around the chunk
     * @param originY quanta from row 0 to the positions' y = 0
     */
    addSkirts(depth: number, reach: number, margin: number, originY: number): void;
    /** Splits the vertices of listed triangles, whose corners are mapped differently, and forgets the list. */
    splitVertices(): void;
    /** Aligns the tangents of the surface that `meshVolume` and `addSkirts` have made. */
    alignTangents(): void;
    /**
     * Writes a chunk's vertices: the surface line by line (z outer), then the skirts' lower rims: low z, high z, low x, high x;
     * where there are walls, then their lower rims.
     *
     * @param margin columns of the grid around the chunk
     * @param step quanta a sample
     * @param base quanta: height of positions' y = 0
     * @param drop quanta that skirts reach down
     * @param slopeScale 1 / (two samples in metres)
     * @param wall quanta that walls reach below the border; 0 for walls without area, less for none
     */
    meshHeightGrid(margin: number, step: number, base: number, drop: number, slopeScale: number, wall: number): void;
    /** Returns the address of the chunk's header; vertices and indices follow it. */
    chunkStart(): number;
    /**
     * Appends the indices to the vertices, and measures the vertices' bounds. Returns the chunk's length in bytes, header
     * included; the host writes the header.
     */
    finishChunk(): number;
    /**
     * Returns the greatest coordinate of any vertex, skirts included, in quanta from the chunk's origin.
     *
     * @param axis 0 for x, 1 for y, 2 for z
     */
    greatestCoordinate(axis: number): number;
    /** Returns how many indices the surface has; 0 for height grids, which share theirs. */
    indicesMade(): number;
    /** Returns whether indices have four bytes each; else they have two. */
    isIndex32(): number;
    /**
     * Returns the least coordinate of any vertex, skirts included, in quanta from the chunk's origin.
     *
     * @param axis 0 for x, 1 for y, 2 for z
     */
    leastCoordinate(axis: number): number;
    /** Returns how many vertices the surface has, skirts included. */
    verticesMade(): number;
}
