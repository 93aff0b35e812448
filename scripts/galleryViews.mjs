/** Where to stand in a cave of seed 1: where day falls in through holes in the roof. */
export const CAVE_POSE = { x: 350.6, y: 18.6, z: -108.6, yaw: 67.5, pitch: 5 };

/**
 * The named views of `docs/gallery`: samples' addresses, whose poses are of seed 1. A view without a pose is the one that its sample
 * finds itself.
 */
export const GALLERY_VIEWS = [
    {
        name: "plainAtEyeHeight",
        page: "/endless",
        time: 10,
        above: 1.7,
        pose: { x: 4329, z: 2331, yaw: 78, pitch: -2 },
    },
    {
        name: "meadowToMountain",
        page: "/endless",
        time: 10,
        above: 2.5,
        pose: { x: 4762, z: -541, yaw: 150, pitch: 6 },
    },
    { name: "rockClose", page: "/endless", time: 9, above: 4, pose: { x: 1927, z: -2781, yaw: 285, pitch: 24 } },
    {
        name: "mountainAtLowSun",
        page: "/endless",
        time: 17.2,
        above: 60,
        pose: { x: 4151, z: -674, yaw: 120, pitch: 2 },
    },
    { name: "coast", page: "/endless", time: 15.5 },
    { name: "caveInside", page: "/caves", time: 12, pose: CAVE_POSE },
    { name: "caveMouth", page: "/caves", time: 14 },
    {
        name: "fromTwoKilometres",
        page: "/endless",
        time: 9,
        above: 2000,
        pose: { x: 2800, z: -4500, yaw: 40, pitch: -28 },
    },
];
