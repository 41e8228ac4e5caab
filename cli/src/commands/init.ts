import { basename, join, relative, resolve } from 'node:path';
import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { parseToml } from '../project/toml.ts';
import { type Outcome, VpCommand } from '../shell/base-command.ts';
import { errors } from '../shell/errors.ts';
import { pluginsOf } from '../shell/plugin-folder.ts';
import { writePluginTypes } from '../shell/plugin-types.ts';
import {
  dependenciesOf,
  linkPackages,
  packagesBeside,
  requireEmpty,
  scaffoldFiles,
  writeScaffold,
} from '../shell/scaffold.ts';

export default class Init extends VpCommand {
  static override summary = 'Create a project that runs as it is';
  static override group = 'Project';
  static override description =
    'Writes a small pipeline over real data, with a test, editor settings and a .gitignore for secrets. What lies beside this vp (in a checkout: all of it) is linked; else npm install brings vibepiper, and vp plugins install the plugins of vp.toml.';
  static override examples = ['vp init shop', 'vp init . --name shop'];
  static override args = {
    dir: Args.string({ required: true, description: 'The folder; it must be empty' }),
  };
  static override flags = {
    name: Flags.string({ summary: "The project's name; the folder's when left out", helpValue: 'name' }),
    'dry-run': Flags.boolean({ char: 'n', summary: 'Only say what would be written' }),
  };

  override async run(): Promise<Outcome> {
    const { args, flags } = await this.parse(Init);
    const folder = resolve(args.dir);
    const name = flags.name ?? basename(folder);
    if (!/^[A-Za-z][A-Za-z0-9_-]*$/.test(name)) throw errors.VP_CLI_NAME_INVALID({ name });
    requireEmpty(folder);

    const files = scaffoldFiles(name);
    const textOf = (path: string) => files.find((file) => file.path === path)?.text ?? '';
    const packages = allBeside(dependenciesOf(textOf('package.json')));
    const plugins = allBeside(pluginsOfToml(textOf('vp.toml')));
    const linked = packages === undefined ? [] : [...packages.keys(), ...(plugins?.keys() ?? [])];
    if (!flags['dry-run']) {
      writeScaffold(folder, files);
      if (packages !== undefined) linkPackages(folder, packages);
      if (packages !== undefined && plugins !== undefined) linkPackages(folder, plugins);
      writePluginTypes(folder);
    }
    const paths = [...files.map((file) => file.path), 'vp-env.d.ts'];
    const missing = { packages: packages === undefined, plugins: plugins === undefined };
    this.#show({ folder, paths, linked: linked.length > 0, missing, dry: flags['dry-run'] });
    return {
      data: {
        folder,
        name,
        files: paths,
        linked,
        dryRun: flags['dry-run'],
      },
    };
  }

  #show(facts: {
    readonly folder: string;
    readonly paths: readonly string[];
    readonly linked: boolean;
    readonly missing: { readonly packages: boolean; readonly plugins: boolean };
    readonly dry: boolean;
  }): void {
    const { print, style } = this.output;
    const { folder, paths, linked, missing, dry } = facts;
    const shown = relative(process.cwd(), folder) || '.';
    print(`${dry ? 'Would create' : 'Created'} ${style('bold', shown)}`);
    for (const path of paths) print(`  ${style('dim', join(shown, path))}`);
    if (dry) return;
    if (linked) print('\nThe packages that lie beside this vp are linked into node_modules.');
    print('\n  Next:');
    const steps = [
      ...(shown === '.' ? [] : [[`cd ${shown}`, '']]),
      ...(missing.packages ? [['npm install', 'brings vibepiper, for the editor and imports']] : []),
      ...(missing.packages || missing.plugins
        ? [['vp plugins install', 'brings the plugins of vp.toml']]
        : []),
      ['vp plan', 'what would run, and why'],
      ['vp run', 'run it'],
      ['vp show weather_kinds', 'see what came out'],
    ] as const;
    for (const [command, what] of steps)
      print(`    ${style('bold', command.padEnd(24))}${style('dim', what)}`.trimEnd());
  }
}

const pluginsOfToml = (text: string): readonly string[] =>
  pluginsOf(parseToml(text, 'vp.toml').values.plugins).map((plugin) => plugin.package);

/** Packages that lie beside this `vp`; `undefined` unless all do, since a half-linked project would not run. */
function allBeside(names: readonly string[]): ReadonlyMap<string, string> | undefined {
  const found = packagesBeside(names);
  return names.every((name) => found.has(name)) ? found : undefined;
}
