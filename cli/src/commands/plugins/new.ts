import { dirname, join, relative, resolve } from 'node:path';
import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { type Outcome, VpCommand } from '../../shell/base-command.ts';

export default class PluginsNew extends VpCommand {
  static override summary = 'Create a plugin that builds, passes its tests and keeps its laws';
  static override group = 'Plugins';
  static override description =
    'Writes a small working plugin to begin with. Kinds: source, sink, transform, validator, alerter, auth, executor, command; plugins of the project may bring further templates.';
  static override examples = [
    'vp plugins new acme-weather --kind source',
    'vp plugins new acme-weather --kind source --scope acme',
    'vp plugins new acme-lake --kind sink --dir plugins/lake --id lake',
  ];
  static override args = {
    name: Args.string({ required: true, description: 'acme-weather, or @acme/weather' }),
  };
  static override flags = {
    kind: Flags.string({ summary: 'What it contributes', helpValue: 'kind', exclusive: ['template'] }),
    template: Flags.string({ summary: 'A template by its id instead', helpValue: 'id' }),
    scope: Flags.string({ summary: 'npm scope: acme-weather becomes @acme/weather', helpValue: 'scope' }),
    id: Flags.string({
      summary: 'Id of the contribution; the name without scope when left out',
      helpValue: 'id',
    }),
    dir: Flags.string({ summary: "The folder; the plugin's name when left out", helpValue: 'dir' }),
    'dry-run': Flags.boolean({ char: 'n', summary: 'Only say what would be written' }),
  };

  override async run(): Promise<Outcome> {
    const { args, flags } = await this.parse(PluginsNew);
    const { errors } = await import('../../plugin-kit/errors.ts');
    const { placeholders, pluginNames } = await import('../../plugin-kit/names.ts');
    const { chooseTemplate, findTemplates, templateFiles } = await import('../../plugin-kit/templates.ts');
    const { hasRegistryFor } = await import('../../plugin-kit/registry-scope.ts');
    const { dependenciesOf, linkPackages, packagesBeside, requireEmpty, writeScaffold } = await import(
      '../../shell/scaffold.ts'
    );
    const names = pluginNames({ name: args.name, scope: flags.scope, id: flags.id });
    const templates = await findTemplates(process.cwd());
    if (flags.kind === undefined && flags.template === undefined) {
      const kinds = [...new Set(templates.map(({ kind }) => kind))].join(', ');
      throw errors.VP_KIT_KIND_MISSING({ kinds });
    }
    const template = chooseTemplate(templates, flags);
    const folder = resolve(flags.dir ?? names.folder);
    requireEmpty(folder);

    const files = templateFiles(template, placeholders(names));
    const wanted = dependenciesOf(files.find(({ path }) => path === 'package.json')?.text ?? '{}');
    const beside = packagesBeside(wanted);
    const linked =
      wanted.every((name) => beside.has(name)) && !(await hasRegistryFor('@vp', dirname(folder)));
    if (!flags['dry-run']) {
      writeScaffold(folder, files);
      if (linked) linkPackages(folder, beside);
    }

    const { print, style } = this.output;
    const shown = relative(process.cwd(), folder) || '.';
    print(
      `${flags['dry-run'] ? 'Would create' : 'Created'} ${style('bold', names.package)} in ${shown}, from ${template.plugin}: ${template.description}`,
    );
    for (const { path } of files) print(`  ${style('dim', join(shown, path))}`);
    if (!flags['dry-run']) {
      if (linked) print('\nThe packages that lie beside this vp are linked into node_modules.');
      print('\n  Next:');
      const steps = [
        ...(shown === '.' ? [] : [[`cd ${shown}`, '']]),
        ...(linked ? [] : [['npm install', 'brings SDK, TypeScript and vitest']]),
        ['npm test', 'builds, tests and proves it'],
        ...(template.kind === 'command'
          ? []
          : [['npx vp plugins conformance', 'writes conformance.json and the badge']]),
        ['npx vp plugins publish', 'to the registry in .npmrc'],
      ] as const;
      for (const [command = '', what = ''] of steps)
        print(`    ${style('bold', command.padEnd(28))}${style('dim', what)}`.trimEnd());
    }
    return {
      data: {
        ...names,
        folder,
        kind: template.kind,
        template: `${template.plugin}:${template.id}`,
        files: files.map(({ path }) => path),
        linked,
        dryRun: flags['dry-run'],
      },
    };
  }
}
