import type { Permissions } from '../manifest/manifest.ts';

/** One thing that a plugin may do when it is granted, in plain words. */
export interface PermissionWords {
  /** `connects to`, `reads files` */
  readonly verb: string;
  /** `host and port of your configuration`; none where the verb says all. */
  readonly objects: readonly string[];
}

/**
 * What a plugin asks for, in the order of what people worry about; nothing for a plugin that asks for nothing.
 *
 * @example
 * ```ts
 * import { permissionWords } from '@vp/contracts/registry';
 * permissionWords({ network: ['api.example.com:443'] }); // [{ verb: 'connects to', objects: ['api.example.com, port 443'] }]
 * ```
 */
export function permissionWords(permissions: Permissions): readonly PermissionWords[] {
  const { network = [], secrets = [], fs = [], subprocess = [], env = [], native = false } = permissions;
  const files = (mode: string) => together(fs.filter((each) => each.startsWith(`${mode}:`)).map(pathWords));
  const all: readonly PermissionWords[] = [
    { verb: 'connects to', objects: network.map(addressWords) },
    { verb: 'reads secrets', objects: together(secrets.map(secretWords)) },
    { verb: 'reads files', objects: files('read') },
    { verb: 'writes files', objects: files('write') },
    { verb: 'starts programs', objects: subprocess.map((each) => (each === '*' ? 'any' : each)) },
    { verb: 'reads environment variables', objects: env.map((each) => (each === '*' ? 'all' : each)) },
  ];
  const asked = all.filter(({ objects }) => objects.length > 0);
  return native ? [...asked, { verb: 'loads native code', objects: [] }] : asked;
}

/**
 * In one line: `connects to host and port of your configuration; reads files: anywhere in the project`.
 *
 * @example
 * ```ts
 * import { permissionLine } from '@vp/contracts/registry';
 * permissionLine({ native: true }); // 'loads native code'
 * ```
 */
export function permissionLine(permissions: Permissions): string {
  const parts = permissionWords(permissions).map(({ verb, objects }) =>
    objects.length === 0 ? verb : `${verb}${verb === 'connects to' ? ' ' : ': '}${objects.join(', ')}`,
  );
  return parts.length === 0 ? 'asks for no permissions' : parts.join('; ');
}

const placeholder = /^\$\{config\.([\w.-]+)\}$/;

function addressWords(pattern: string): string {
  const split = /^(.+):([^:\]]+)$/.exec(pattern);
  const [host = '', port = ''] = split ? split.slice(1) : [pattern];
  const [, hostKey] = placeholder.exec(host) ?? [];
  const [, portKey] = placeholder.exec(port) ?? [];
  if (hostKey && portKey) return `${hostKey} and ${portKey} of your configuration`;
  const where = hostKey ? `${hostKey} of your configuration` : hostWords(host);
  if (portKey) return `${where}, ${portKey} of your configuration`;
  if (port === '') return where;
  return port === '*' ? `${where}, any port` : `${where}, port ${port}`;
}

function hostWords(host: string): string {
  if (host === '*') return 'any host';
  return host.startsWith('*.') ? `any host below ${host.slice(2)}` : host;
}

function secretWords(secret: string): string {
  return secret.startsWith('config.') ? `${secret.slice('config.'.length)} of your configuration` : secret;
}

const configured = ' of your configuration';

/** `a of your configuration`, `b of your configuration` as `a and b of your configuration`. */
function together(words: readonly string[]): readonly string[] {
  const keys = words
    .filter((each) => each.endsWith(configured))
    .map((each) => each.slice(0, -configured.length));
  if (keys.length < 2) return words;
  const named = `${keys.slice(0, -1).join(', ')} and ${keys.at(-1)}${configured}`;
  return [named, ...words.filter((each) => !each.endsWith(configured))];
}

function pathWords(entry: string): string {
  const glob = entry.slice(entry.indexOf(':') + 1);
  if (glob === '**' || glob === './**') return 'anywhere in the project';
  const state = '${' + 'state}';
  if (glob === `${state}/**` || glob === state) return "the project's .vp folder";
  const [, key] = placeholder.exec(glob.replace(/\/\*\*$/, '')) ?? [];
  return key ? `${key} of your configuration` : glob.replace(state, '.vp');
}
