import type { Scene } from "@babylonjs/core/scene.js";
import {
    ShellServiceIdentity,
    ShowInspector,
    type InspectorOptions,
    type IShellService,
    type ServiceDefinition,
} from "@babylonjs/inspector";
import { addCurves } from "./curves.js";
import type { InspectedWorld } from "./inspectedWorld.js";
import { TerraneIcon, TerranePane } from "./terranePane.js";

/** The key of Terrane's side pane. */
export const TERRANE_PANE = "Terrane";

export interface TerraneInspector {
    readonly isDisposed: boolean;
    /** Closes the inspector and all that came with it; resolves when nothing is left. A second call waits for the first. */
    disposeAsync(): Promise<void>;
}

/**
 * Opens Babylon's inspector on the scene with a pane for the world, and adds Terrane's curves to the performance viewer.
 * Closed by `disposeAsync` or by the inspector's own cross. Close it before the scene goes: Babylon's inspector throws when
 * its scene is disposed under it. `options` go to `ShowInspector`.
 */
export async function ShowTerraneInspectorAsync(
    scene: Scene,
    world: InspectedWorld,
    options: Partial<InspectorOptions> = {},
): Promise<TerraneInspector> {
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
                content: () => <TerranePane world={world} />,
                horizontalLocation: "right",
                verticalLocation: "top",
                order: 350,
                teachingMoment: false,
            });
            shell.sidePanes.find(({ key }) => key === TERRANE_PANE)?.select();
            opened();
            return { dispose: () => registration.dispose() };
        },
    };
    const inspector = ShowInspector(scene, {
        layoutMode: "overlay",
        disableTeachingMoments: true,
        ...options,
        serviceDefinitions: [...(options.serviceDefinitions ?? []), pane],
    });
    const curves = addCurves(scene, world);
    inspector.onDisposed.addOnce(() => {
        curves.dispose();
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
