import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Puts a stranger's plugin with commands into a project. Loading its module leaves a mark. */
export function addFixturePlugin(
  project: string,
  init: { readonly name: string; readonly commands: readonly string[] },
): { readonly mark: string } {
  const { name, commands } = init;
  const folder = join(project, 'node_modules', name);
  const mark = join(project, `${name}-was-loaded`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({
      name,
      version: '1.2.3',
      type: 'module',
      engines: { vp: '^1.0.0' },
      vp: {
        manifestVersion: 1,
        entry: './plugin.js',
        contributes: {
          commands: commands.map((id) => ({
            id,
            contract: 'command@1',
            summary: `Greets, says ${name}`,
            args: [{ name: 'who', type: 'string', description: 'Whom', required: true }],
            flags: [{ name: 'loud', type: 'boolean', char: 'l', description: 'In capitals' }],
          })),
        },
        requires: { services: ['vp.secrets@1'] },
        permissions: { secrets: ['secret://env/FIXTURE_TOKEN'] },
      },
    }),
  );
  writeFileSync(join(folder, 'plugin.js'), source(mark, commands));
  const toml = join(project, 'vp.toml');
  writeFileSync(
    toml,
    `${readFileSync(toml, 'utf8')}\n[plugins.${name}]\nversion = "^1.0.0"\ngrants = "all"\n`,
  );
  return { mark };
}

const source = (mark: string, commands: readonly string[]) => `
import { writeFileSync } from 'node:fs';
writeFileSync(${JSON.stringify(mark)}, '');
const point = { $$type: '@vp/extension-point', version: 'v1', id: 'command', major: 1, contract: 'command@1' };
const key = 'vp.secrets@1';
const secrets = {
  $$type: '@vp/service-ref', version: 'v1', id: 'vp.secrets', major: 1, scope: 'plugin', isOptional: false, key,
  token: Symbol.for('vp:service/' + key),
};
const command = ({ deps }) => ({
  async run({ args, flags, print }) {
    if (args.who === 'nobody') throw new Error('there is nobody');
    const token = await deps.secrets.get('secret://env/FIXTURE_TOKEN');
    const text = 'hello ' + args.who + ', my token is ' + token.reveal();
    print(flags.loud ? text.toUpperCase() : text);
    return { greeted: args.who, token: token.reveal() };
  },
});
export default {
  $$type: '@vp/plugin',
  version: 'v1',
  register(registrar) {
    for (const id of ${JSON.stringify(commands)}) registrar.contribute(point, id, { deps: { secrets }, create: command });
  },
};
`;
