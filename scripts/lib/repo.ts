import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

export interface Workspace {
  readonly dir: string;
  readonly manifest: Manifest;
}

export const root = join(import.meta.dirname, '..', '..');

const readJson = (file: string) => JSON.parse(readFileSync(join(root, file), 'utf8'));

/** The workspace packages, in the order package.json names them. */
export function workspaces(): readonly Workspace[] {
  const patterns = readJson('package.json').workspaces as readonly string[];
  return patterns.flatMap((pattern) =>
    globSync(`${pattern}/package.json`, { cwd: root })
      .sort()
      .map((file) => ({ dir: dirname(file), manifest: readJson(file) as Manifest })),
  );
}
