import { createHash } from 'node:crypto';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire, findPackageJSON } from 'node:module';
import { dirname, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type ParsedModule, parseModule } from './parsed-module.ts';

/** What an import statement leads to. */
export type Target =
  | { readonly kind: 'file'; readonly file: string }
  /** A package: `name@version`. */
  | { readonly kind: 'package'; readonly label: string }
  /** Of Node, or not to be found. */
  | { readonly kind: 'none' };

/** The user's modules, each read and parsed once. */
export class ModuleGraph {
  readonly #root: string;
  readonly #modules = new Map<string, ParsedModule | undefined>();
  readonly #targets = new Map<string, Target>();
  readonly #packages = new Map<string, string>();

  constructor(root: string) {
    // As Node names modules.
    this.#root = realpathSync(root);
  }

  /** `undefined` for data, and for code that cannot be parsed: `digest` stands for these. */
  module(file: string): ParsedModule | undefined {
    if (!this.#modules.has(file)) {
      this.#modules.set(file, /\.m?[tj]s$/.test(file) ? parseModule(file) : undefined);
    }
    return this.#modules.get(file);
  }

  digest(file: string): string {
    return createHash('sha256').update(readFileSync(file)).digest('base64url');
  }

  /** The same on every machine. */
  label(file: string): string {
    return relative(this.#root, file).split(sep).join('/');
  }

  resolve(from: string, specifier: string): Target {
    const key = `${dirname(from)}\n${specifier}`;
    const known = this.#targets.get(key);
    if (known !== undefined) return known;
    const target = this.#resolve(from, specifier);
    this.#targets.set(key, target);
    return target;
  }

  #resolve(from: string, specifier: string): Target {
    if (/^(\.{0,2}\/|file:)/.test(specifier)) {
      const url = new URL(specifier, pathToFileURL(from));
      const file = fileURLToPath(new URL(url.pathname, url));
      // As Node does, so that a module reached by a link is one module.
      return existsSync(file) ? { kind: 'file', file: realpathSync(file) } : { kind: 'none' };
    }
    const name = /^(@[^/]+\/[^/]+|[^@/.#:][^/:]*)(?:\/|$)/.exec(specifier)?.[1];
    if (name === undefined) return { kind: 'none' };
    const manifest = this.#manifest(specifier, from);
    if (manifest === undefined) return { kind: 'none' };
    const file = isEdited(name, manifest) ? this.#entry(specifier, from) : undefined;
    return file === undefined ? { kind: 'package', label: this.#package(manifest) } : { kind: 'file', file };
  }

  /** `undefined` when only `import` finds it: then the version must do. */
  #entry(specifier: string, from: string): string | undefined {
    try {
      return createRequire(from).resolve(specifier);
    } catch (error) {
      if (error instanceof Error && 'code' in error) return undefined;
      throw error;
    }
  }

  #manifest(specifier: string, from: string): string | undefined {
    try {
      return findPackageJSON(specifier, pathToFileURL(from));
    } catch (error) {
      if (error instanceof Error && 'code' in error) return undefined;
      throw error;
    }
  }

  #package(manifest: string): string {
    const known = this.#packages.get(manifest);
    if (known !== undefined) return known;
    const { name, version } = JSON.parse(readFileSync(manifest, 'utf8'));
    const label = `${name}@${version}`;
    this.#packages.set(manifest, label);
    return label;
  }
}

/** Whether a package is a folder of the user's own workspace, whose code changes without its version. */
function isEdited(name: string, manifest: string): boolean {
  const isOurs = name === 'vibepiper' || name.startsWith('@vp/');
  return !isOurs && !realpathSync(manifest).split(sep).includes('node_modules');
}
