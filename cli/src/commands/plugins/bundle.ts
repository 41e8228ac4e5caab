import * as Flags from '@oclif/core/flags';
import { type Outcome, VpCommand } from '../../shell/base-command.ts';
import { openProject } from '../../shell/open-project.ts';
import { openRegistries, registryFlags } from '../../shell/registry-access.ts';
import { bytes, plural } from '../../ui/format.ts';
import { table } from '../../ui/table.ts';

export default class PluginsBundle extends VpCommand {
  static override summary =
    'Everything that the plugins need in one signed file, for places without a network';
  static override description =
    'Takes the plugins of vp.lock with all packages that they need on the machines named, the signatures and keys of their registries, what was withdrawn, and their READMEs. The same lock gives the same bytes.';
  static override group = 'Plugins';
  static override examples = [
    'vp plugins bundle --for linux-x64 -o vp.bundle',
    'vp plugins bundle --for linux-x64 --for linux-arm64-musl -o vp.bundle --key ./bundle-key',
    'vp plugins install --from vp.bundle',
  ];
  static override flags = {
    for: Flags.string({
      summary: 'Machines that it is for; this one when left out',
      helpValue: 'linux-x64',
      multiple: true,
      multipleNonGreedy: true,
    }),
    output: Flags.string({
      char: 'o',
      summary: 'The file to write',
      helpValue: 'file',
      default: 'vp.bundle',
    }),
    key: Flags.string({
      summary:
        'File with the key that signs it; made when it is not there. Yours (~/.config/vp/bundle-key) when left out',
      helpValue: 'file',
    }),
    'dry-run': Flags.boolean({ char: 'n', summary: 'Only say what would be in it' }),
    ...registryFlags,
  };

  override async run(): Promise<Outcome> {
    const { flags } = await this.parse(PluginsBundle);
    const { output } = this;
    const { bundleKey, bundleKeyFile, createBundle, listBundle, parsePlatform } = await import(
      '@vp/installer'
    );
    const { dir: projectDir } = await openProject({ project: flags.project });
    const platforms = flags.for?.map(parsePlatform);
    if (flags['dry-run']) {
      const listed = listBundle({ projectDir, platforms });
      output.print(this.#table(listed.packages));
      output.print(
        `\n${plural(listed.packages.length, 'package')} for ${listed.platforms.join(', ')}. Nothing was written.`,
      );
      return { data: listed };
    }
    using registries = await openRegistries({ flags: { ...flags, project: projectDir }, output });
    const { source, signal } = registries;
    const key = await bundleKey(flags.key ?? bundleKeyFile());
    const made = await createBundle({ projectDir, output: flags.output, platforms, source, key, signal });
    if (key.isNew)
      output.note(`A key for your bundles was made: ${key.file}. Keep it, and keep it to yourself.`);
    const { style, print } = output;
    const { plugins, packages, size } = made;
    print(
      `${style('green', 'Bundled')} ${plural(plugins.length, 'plugin')}, ${plural(packages.length, 'package')} for ${made.platforms.join(', ')}: ${made.file}, ${bytes(size)}`,
    );
    print(`  signed by  ${made.keyid}`);
    print(`  vp.lock    ${made.lock}`);
    print(`\nThere: ${style('bold', `vp plugins install --from ${flags.output} --trust ${made.keyid}`)}`);
    return { data: made };
  }

  #table(
    packages: readonly { readonly name: string; readonly version: string; readonly plugin: boolean }[],
  ): string {
    const rows = packages.map(({ name, version, plugin }) => [name, version, plugin ? 'plugin' : '']);
    return table({
      columns: [{ title: 'package' }, { title: 'version' }, { title: '' }],
      rows,
      style: this.output.style,
    });
  }
}
