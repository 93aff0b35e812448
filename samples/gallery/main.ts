import { drawRange, type RangeLook } from "./drawRange.js";

interface GalleryEntry {
    /** Its address, and the name of its picture. */
    readonly name: string;
    readonly title: string;
    readonly lesson: string;
    /** Worlds to begin with. Default: there is one alone */
    readonly seeds?: readonly number[];
    /** Other ways to open it. Default: none */
    readonly links?: readonly { readonly text: string; readonly query: string }[];
    readonly look: RangeLook;
}

const ENTRIES: readonly GalleryEntry[] = [
    {
        name: "endless",
        title: "Endless",
        lesson: "A seed, a camera, a world that goes on: mountains, plains and a sea stream in wherever you fly.",
        seeds: [1, 7, 42, 2024, 12345],
        look: { seed: 5, sky: ["#2f5f9e", "#a9bfd4", "#f3d2ac"], near: "#16261f", far: "#8ea3bb", hasSea: true },
    },
    {
        name: "caves",
        title: "Caves",
        lesson: "Land and caves are one surface. Fly in at a mouth, or walk in: the ground holds below ground, too.",
        seeds: [1, 42, 2024, 12345],
        look: { seed: 23, sky: ["#1b2436", "#4d4250", "#d08a55"], near: "#0b0c10", far: "#6a5560", hasSea: false },
    },
    {
        name: "custom-material",
        title: "Custom material",
        lesson: "Pictures of your own, laid by your own rules: dunes, columns of basalt and glacier ice, made in code.",
        seeds: [1, 7, 42, 12345],
        look: { seed: 17, sky: ["#3b5f8f", "#c79d86", "#f2c79a"], near: "#33140c", far: "#a8654a", hasSea: false },
    },
    {
        name: "baked",
        title: "Baked",
        lesson: "Islands baked ahead of time, streamed from plain files or one packed file, and kept in the browser.",
        links: [
            { text: "files", query: "source=files" },
            { text: "archive", query: "source=archive" },
        ],
        look: { seed: 31, sky: ["#274d7e", "#7fa6c4", "#f0d9bd"], near: "#10202a", far: "#7d9fb5", hasSea: true },
    },
];

const HEADER_LOOK: RangeLook = {
    seed: 11,
    sky: ["#122036", "#3b4f72", "#d99c72"],
    near: "#0c121b",
    far: "#78839c",
    hasSea: false,
};

function createCard({ name, title, lesson, seeds = [], links = [], look }: GalleryEntry): HTMLElement {
    const card = document.createElement("article");
    card.className = "card";
    const picture = document.createElement("div");
    picture.className = "picture";
    const drawn = document.createElement("canvas");
    drawn.setAttribute("aria-hidden", "true");
    picture.append(drawn, createPhoto(name, title));
    const text = document.createElement("div");
    text.className = "text";
    const heading = document.createElement("h2");
    heading.append(createLink(`./${name}`, title));
    const paragraph = document.createElement("p");
    paragraph.textContent = lesson;
    const list = document.createElement("div");
    list.className = "seeds";
    list.append(
        seeds.length > 0 ? "Seeds" : "From",
        ...seeds.map((seed) => createLink(`./${name}?seed=${seed}`, String(seed))),
        ...links.map(({ text, query }) => createLink(`./${name}?${query}`, text)),
    );
    text.append(heading, paragraph, list);
    card.append(picture, text);
    new ResizeObserver(() => drawRange(drawn, look)).observe(drawn);
    return card;
}

/** Creates the sample's picture, above the drawn one; where there is none, the drawn one stays. */
function createPhoto(name: string, title: string): HTMLElement {
    const photo = document.createElement("img");
    photo.alt = `A view of the sample ${title}`;
    photo.hidden = true;
    photo.addEventListener("load", () => (photo.hidden = false));
    photo.addEventListener("error", () => photo.remove());
    photo.src = `gallery/${name}.jpg`;
    return photo;
}

function createLink(address: string, text: string): HTMLAnchorElement {
    const link = document.createElement("a");
    link.href = address;
    link.textContent = text;
    return link;
}

document.getElementById("samples")!.append(...ENTRIES.map(createCard));

const range = document.getElementById("range") as HTMLCanvasElement;
new ResizeObserver(() => drawRange(range, HEADER_LOOK)).observe(range);

document.getElementById("seed-form")!.addEventListener("submit", (event) => {
    event.preventDefault();
    const seed = (document.getElementById("seed") as HTMLInputElement).value.trim();
    location.assign(seed === "" ? "./endless" : `./endless?seed=${encodeURIComponent(seed)}`);
});
