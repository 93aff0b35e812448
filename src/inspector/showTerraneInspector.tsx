import type { Scene } from "@babylonjs/core/scene.js";
import {
    ShellServiceIdentity,
    ShowInspector,
    type InspectorOptions,
    type IShellService,
    type ServiceDefinition,
} from "@babylonjs/inspector";
import { WorldChunkView } from "./chunkView.js";
import { controlsOf } from "./controls.js";
import { addCurves } from "./curves.js";
import type { InspectedWorld } from "./inspectedWorld.js";
import { StatusItem } from "./statusItem.js";
import { TerraneIcon, TerranePane } from "./terranePane.js";

/** The key of Terrane's side pane. */
export const TERRANE_PANE = "Terrane";

/** What the pane needs of the page in which it is shown. */
export interface TerranePageOptions {
    /** Returns the address that *Copy link* copies. Default: the page's, with the recipe's seed as `seed`. */
    readonly createLink?: () => string;
    /** Makes the world anew from another seed. Without it, the pane has no field for one. */
    readonly onRegenerate?: (seed: string) => void;
}

/** An inspector that is open, with Terrane's pane. */
export interface TerraneInspector {
    /** Whether it was closed, by `disposeAsync` or by its own cross. */
    readonly isDisposed: boolean;
    /** Closes the inspector and all that came with it; resolves when nothing is left. A second call waits for the first. */
    disposeAsync(): Promise<void>;
}

/**
 * Opens Babylon's inspector on the scene with a pane for the world, and adds Terrane's curves to the performance
 * viewer. `disposeAsync` or the inspector's own cross closes it. Close it before the scene is disposed: Babylon's
 * inspector throws otherwise.
 *
 * @param options beyond `TerranePageOptions`, those of `ShowInspector`
 */
export async function ShowTerraneInspectorAsync(
    scene: Scene,
    world: InspectedWorld,
    options: Partial<InspectorOptions> & TerranePageOptions = {},
): Promise<TerraneInspector> {
    const { createLink = () => linkTo(world), onRegenerate, ...inspectorOptions } = options;
    const view = new WorldChunkView(world);
    const controls = controlsOf(world, view);
    let opened = () => {};
    const openedAsync = new Promise<void>((resolve) => (opened = resolve));
    const pane: ServiceDefinition<[], [IShellService]> = {
        friendlyName: "Terrane",
        consumes: [ShellServiceIdentity],
        factory: (shell) => {
            const registration = shell.addSidePane({
                key: TERRANE_PANE,
                title: "Terrane",
                icon: TerraneIcon,
                content: () => (
                    <TerranePane
                        world={world}
                        controls={controls}
                        createLink={createLink}
                        onRegenerate={onRegenerate}
                    />
                ),
                horizontalLocation: "right",
                verticalLocation: "top",
                order: 350,
                teachingMoment: false,
            });
            const open = () => shell.sidePanes.find(({ key }) => key === TERRANE_PANE)?.select();
            const status = shell.addToolbarItem({
                key: "Terrane status",
                displayName: "Terrane's time a frame",
                verticalLocation: "bottom",
                horizontalLocation: "right",
                order: 300,
                teachingMoment: false,
                component: () => <StatusItem world={world} onOpen={open} />,
            });
            open();
            opened();
            return {
                dispose: () => {
                    status.dispose();
                    registration.dispose();
                },
            };
        },
    };
    const inspector = ShowInspector(scene, {
        layoutMode: "overlay",
        disableTeachingMoments: true,
        ...inspectorOptions,
        serviceDefinitions: [...(inspectorOptions.serviceDefinitions ?? []), pane],
    });
    const curves = addCurves(scene, world);
    inspector.onDisposed.addOnce(() => {
        curves.dispose();
        view.hide();
        opened();
    });
    await openedAsync;
    return {
        get isDisposed() {
            return inspector.isDisposed;
        },
        disposeAsync: () => inspector.dispose(),
    };
}

function linkTo({ recipe }: InspectedWorld): string {
    const url = new URL(location.href);
    url.searchParams.set("seed", String(recipe.seed));
    return url.href;
}
