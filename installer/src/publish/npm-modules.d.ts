// What we use of npm's own libraries that come without types, or with others than ours need.

declare module 'npm-packlist' {
  /** The part of arborist's tree that is looked at when nothing is bundled. */
  interface PackTree {
    readonly path: string;
    readonly package: object;
    readonly isProjectRoot: boolean;
    readonly edgesOut: ReadonlyMap<string, never>;
  }
  export default function packlist(tree: PackTree): Promise<string[]>;
}

declare module 'libnpmpublish' {
  export function publish(
    manifest: { readonly name: string; readonly version: string },
    tarball: Buffer,
    options: Readonly<Record<string, unknown>>,
  ): Promise<unknown>;
}
