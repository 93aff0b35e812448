// The inspector's typings take these from a package whose published version lacks the files; its bundle has the code.
// Declared here is what the panes use, as version 9.35 has it.

declare module "@babylonjs/shared-ui-components/modularTool/modularity/serviceDefinition.js" {
    export interface IService<Identity extends symbol> {
        /** Only there to tell one service's type from another's. */
        readonly __identity?: Identity;
    }
    type Identities<Services extends IService<symbol>[]> = {
        [Index in keyof Services]: Services[Index] extends IService<infer Identity> ? Identity : never;
    };
    /** What consumes services and produces none. */
    export interface ServiceDefinition<_Produces extends [] = [], Consumes extends IService<symbol>[] = []> {
        friendlyName: string;
        consumes: Identities<Consumes>;
        factory: (...dependencies: Consumes) => { dispose?: () => void } | void;
    }
}

declare module "@babylonjs/shared-ui-components/modularTool/modularTool.js" {
    export interface ModularToolOptions {
        namespace: string;
        containerElement: HTMLElement;
        serviceDefinitions: readonly object[];
        themeMode?: "system" | "light" | "dark";
        disableTeachingMoments?: boolean;
        leftPaneDefaultCollapsed?: boolean;
        rightPaneDefaultCollapsed?: boolean;
        rightPaneDefaultWidth?: number;
        toolbarMode?: "full" | "compact";
    }
}

declare module "@babylonjs/shared-ui-components/modularTool/services/shellService.js" {
    import type { IService } from "@babylonjs/shared-ui-components/modularTool/modularity/serviceDefinition.js";

    export const ShellServiceIdentity: unique symbol;
    export interface SidePaneDefinition {
        key: string;
        title: string;
        icon: () => React.JSX.Element;
        content: () => React.JSX.Element;
        horizontalLocation: "left" | "right";
        verticalLocation: "top" | "bottom";
        order?: number;
        teachingMoment?: boolean;
    }
    export interface ToolbarItemDefinition {
        key: string;
        displayName?: string;
        component: () => React.JSX.Element;
        horizontalLocation: "left" | "right";
        verticalLocation: "top" | "bottom";
        order?: number;
        teachingMoment?: false;
    }
    export interface IShellService extends IService<typeof ShellServiceIdentity> {
        addToolbarItem(item: Readonly<ToolbarItemDefinition>): { dispose(): void };
        addSidePane(pane: Readonly<SidePaneDefinition>): { dispose(): void };
        readonly sidePanes: readonly { readonly key: string; select(): void }[];
    }
}

declare module "@babylonjs/shared-ui-components/modularTool/hooks/observableHooks.js" {
    export function useObservableState<T>(accessor: () => T, ...observables: readonly object[]): T;
}

declare module "@babylonjs/shared-ui-components/fluent/primitives/accordion.js" {
    export function Accordion(props: { children: React.ReactNode }): React.JSX.Element;
    export function AccordionSection(props: {
        title: string;
        collapseByDefault?: boolean;
        children: React.ReactNode;
    }): React.JSX.Element;
}

declare module "@babylonjs/shared-ui-components/fluent/hoc/propertyLines/textPropertyLine.js" {
    export function TextPropertyLine(props: { label: string; value: string; description?: string }): React.JSX.Element;
}

declare module "@babylonjs/shared-ui-components/fluent/hoc/propertyLines/switchPropertyLine.js" {
    export function SwitchPropertyLine(props: {
        label: string;
        value: boolean;
        onChange: (value: boolean) => void;
        description?: string;
    }): React.JSX.Element;
}

declare module "@babylonjs/shared-ui-components/fluent/hoc/propertyLines/syncedSliderPropertyLine.js" {
    export function SyncedSliderPropertyLine(props: {
        label: string;
        description?: string;
        min: number;
        max: number;
        step: number;
        value: number;
        onChange: (value: number) => void;
    }): React.JSX.Element;
}

declare module "@babylonjs/shared-ui-components/fluent/hoc/propertyLines/inputPropertyLine.js" {
    export function TextInputPropertyLine(props: {
        label: string;
        value: string;
        onChange: (value: string) => void;
        description?: string;
    }): React.JSX.Element;
}

declare module "@babylonjs/shared-ui-components/fluent/hoc/buttonLine.js" {
    export function ButtonLine(props: {
        label: string;
        title?: string;
        onClick: () => void | Promise<void>;
    }): React.JSX.Element;
}

declare module "@babylonjs/shared-ui-components/fluent/primitives/button.js" {
    export function Button(props: {
        label: string;
        title?: string;
        appearance?: "subtle";
        onClick: () => void;
    }): React.JSX.Element;
}

declare module "@babylonjs/shared-ui-components/fluent/primitives/messageBar.js" {
    export function MessageBar(props: {
        message: string;
        title?: string;
        intent: "info" | "warning" | "error";
    }): React.JSX.Element;
}

declare module "@babylonjs/shared-ui-components/fluent/primitives/toast.js" {
    export function useToast(): { showToast(message: string): void };
}
