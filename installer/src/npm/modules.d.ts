// What we use of npm's own libraries that come without types. Kept narrow on purpose.

declare module '@npmcli/config' {
  interface ConfigInit {
    readonly definitions: unknown;
    readonly shorthands: unknown;
    readonly flatten: unknown;
    readonly nerfDarts: unknown;
    readonly npmPath: string;
    readonly argv: readonly string[];
    readonly env: Readonly<Record<string, string | undefined>>;
    readonly cwd: string;
  }

  export default class Config {
    constructor(init: ConfigInit);
    load(): Promise<void>;
    validate(): boolean;
    /** The options that npm's libraries take, by their names there. */
    readonly flat: Readonly<Record<string, unknown>>;
  }
}

declare module '@npmcli/config/lib/definitions/index.js' {
  const parts: {
    readonly definitions: unknown;
    readonly shorthands: unknown;
    readonly flatten: unknown;
    readonly nerfDarts: unknown;
  };
  export default parts;
}

declare module '@npmcli/arborist' {
  /** A package in a tree, by its place: `node_modules/pg`. */
  export interface ArboristNode {
    readonly name: string;
    readonly packageName: string;
    readonly version: string;
    readonly location: string;
    readonly isRoot: boolean;
    readonly isLink: boolean;
    readonly inBundle: boolean;
    /** Optional, and not for this platform: in the lock, but not installed. */
    readonly inert: boolean;
    readonly edgesOut: ReadonlyMap<string, ArboristEdge>;
  }

  export interface ArboristEdge {
    readonly name: string;
    readonly spec: string;
    readonly type: string;
    /** `MISSING`, `INVALID`, …; `null` when it is met. */
    readonly error: string | null;
    readonly to: ArboristNode | null;
  }

  export interface ArboristTree extends ArboristNode {
    readonly inventory: ReadonlyMap<string, ArboristNode>;
    readonly meta: { commit(): { readonly packages: Readonly<Record<string, Record<string, unknown>>> } };
  }

  export default class Arborist {
    constructor(options: Readonly<Record<string, unknown>>);
    buildIdealTree(options?: Readonly<Record<string, unknown>>): Promise<ArboristTree>;
  }
}
