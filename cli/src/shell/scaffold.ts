import {
  existsSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { errors } from './errors.ts';
import { packageRoot } from './package-root.ts';

/** npm publishes no dot files of these names, so templates spell them otherwise. */
const renamed: Readonly<Record<string, string>> = {
  _gitignore: '.gitignore',
  '_env.example': '.env.example',
};

export interface ScaffoldFile {
  /** Relative to the project. */
  readonly path: string;
  readonly text: string;
}

/** The files of a new project. */
export function scaffoldFiles(name: string): readonly ScaffoldFile[] {
  const folder = join(packageRoot(), 'templates', 'default');
  return globSync('**/*', { cwd: folder, exclude: (path) => path === 'node_modules' })
    .concat(globSync('.*/**/*', { cwd: folder }))
    .filter((path) => statSync(join(folder, path)).isFile())
    .sort()
    .map((path) => ({
      path: join(dirname(path), renamed[basename(path)] ?? basename(path)),
      text: readFileSync(join(folder, path), 'utf8').replaceAll('{{name}}', name),
    }));
}

/** @throws VpError when the folder has something in it, beside what every fresh repository has */
export function requireEmpty(folder: string): void {
  if (!existsSync(folder)) return;
  const found = statSync(folder).isDirectory()
    ? readdirSync(folder).filter((entry) => entry !== '.git')
    : ['a file'];
  if (found.length === 0) return;
  const named = found.slice(0, 3).join(', ') + (found.length > 3 ? ` and ${found.length - 3} more` : '');
  throw errors.VP_CLI_FOLDER_NOT_EMPTY({ folder, found: named });
}

export function writeScaffold(folder: string, files: readonly ScaffoldFile[]): void {
  for (const { path, text } of files) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, { flag: 'wx' });
  }
}

/** Packages that lie beside this `vp`, by name: what `npm install` would otherwise bring. */
export function packagesBeside(names: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const name of names) {
    const folder = name === 'vibepiper' ? packageRoot() : findBeside(name);
    if (folder !== undefined) found.set(name, realpathSync(folder));
  }
  return found;
}

function findBeside(name: string): string | undefined {
  for (let folder = packageRoot(); ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return candidate;
    if (dirname(folder) === folder) return undefined;
  }
}

/** Puts links to packages into the project's node_modules. */
export function linkPackages(project: string, packages: ReadonlyMap<string, string>): void {
  for (const [name, target] of packages) {
    const link = join(project, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(process.platform === 'win32' ? target : relative(dirname(link), target), link, 'junction');
  }
  if (process.platform === 'win32') return;
  linkBin(project, 'vp', join('..', 'vibepiper', 'bin', 'vp.js'));
  if (packages.has('typescript')) linkBin(project, 'tsc', join('..', 'typescript', 'bin', 'tsc'));
  if (packages.has('vitest')) linkBin(project, 'vitest', join('..', 'vitest', 'vitest.mjs'));
}

function linkBin(project: string, name: string, target: string): void {
  const bin = join(project, 'node_modules', '.bin', name);
  if (existsSync(bin)) return;
  mkdirSync(dirname(bin), { recursive: true });
  symlinkSync(target, bin);
}

/** Names of everything that a package.json depends on. */
export function dependenciesOf(text: string): readonly string[] {
  const manifest: {
    readonly dependencies?: Readonly<Record<string, string>>;
    readonly devDependencies?: Readonly<Record<string, string>>;
  } = JSON.parse(text);
  return Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
}
