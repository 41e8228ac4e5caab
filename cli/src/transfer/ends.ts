import { didYouMean, type JsonObject, type TransferEnd } from '@vp/contracts';
import type { Kernel } from '@vp/kernel';
import { errors } from './errors.ts';

/** One end of `vp copy`, found: what of which plugin, and the connection that has to be made up for it. */
export interface FoundEnd {
  readonly end: TransferEnd;
  /** `--set` lines of a connection that stands in no vp.toml: that of a URL. */
  readonly set: readonly string[];
}

type Point = 'source' | 'sink';

/**
 * What the text on the command line names: `connection:table` of vp.toml, a URL with the table after `#`,
 * or a file or glob.
 *
 * @param text `shop:public.orders`, `postgres://u@h/shop#public.orders`, `data/*.csv.gz`
 */
export function findEnd(init: {
  readonly kernel: Kernel;
  readonly point: Point;
  readonly text: string;
  /** Further options of the contribution: `{ cursor: 'updated_at' }`. */
  readonly options: JsonObject;
}): FoundEnd {
  const { kernel, point, text, options } = init;
  const url = /^([a-z][a-z0-9+.-]*):\/\/./i.exec(text);
  if (url !== null && url[1]?.toLowerCase() !== 'file') return fromUrl({ ...init, scheme: url[1] ?? '' });
  const [, name, rest] = /^([A-Za-z][A-Za-z0-9_-]*):(.+)$/.exec(text) ?? [];
  const { connections } = kernel.config.values;
  if (name !== undefined && rest !== undefined && connections[name] !== undefined) {
    const { use } = connections[name];
    return {
      end: { use, connection: name, options: { ...targetOption(kernel, point, use, rest), ...options } },
      set: [],
    };
  }
  const use = byExtension(kernel, point, text);
  if (use !== undefined) return { end: { use, options: { path: text, ...options } }, set: [] };
  throw errors.VP_COPY_END_UNKNOWN({
    text,
    suggestion: name === undefined ? '' : didYouMean(name, Object.keys(connections)),
    extensions: contributions(kernel, point).flatMap((each) => each.extensions),
  });
}

function fromUrl(init: {
  readonly kernel: Kernel;
  readonly point: Point;
  readonly text: string;
  readonly scheme: string;
  readonly options: JsonObject;
}): FoundEnd {
  const { kernel, point, text, options } = init;
  const scheme = init.scheme.toLowerCase();
  const known = contributions(kernel, point);
  const found = known.find(({ schemes }) => schemes.includes(scheme));
  if (found === undefined) {
    const schemes = known.flatMap((each) => each.schemes);
    throw errors.VP_COPY_SCHEME_UNKNOWN({
      scheme,
      point,
      known: schemes,
      suggestion: didYouMean(scheme, schemes),
    });
  }
  if (!URL.canParse(text)) throw errors.VP_COPY_URL({ url: withoutPassword(text), problem: 'it is no URL' });
  const url = new URL(text);
  const target = decodeURIComponent(url.hash.slice(1));
  if (target === '')
    throw errors.VP_COPY_URL({ url: withoutPassword(text), problem: 'no table stands after #' });
  const connection = `copy_${point}`;
  const database = decodeURIComponent(url.pathname.replace(/^\//, ''));
  const values = {
    use: found.id,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    ...(url.port === '' ? {} : { port: url.port }),
    ...(url.username === '' ? {} : { user: decodeURIComponent(url.username) }),
    ...(url.password === '' ? {} : { password: decodeURIComponent(url.password) }),
    ...(database === '' ? {} : { database }),
    ...Object.fromEntries(url.searchParams),
  };
  return {
    end: {
      use: found.id,
      connection,
      options: { ...targetOption(kernel, point, found.id, target), ...options },
    },
    set: Object.entries(values).map(([key, value]) => `connections.${connection}.${key}=${value}`),
  };
}

/** URLs are shown as they were typed, but for the password. */
const withoutPassword = (text: string): string => text.replace(/(:\/\/[^/@:]*):[^@/]*@/, '$1:***@');

/** The option that names what is read or written: `table` of databases, `path` of files. */
function targetOption(kernel: Kernel, point: Point, id: string, text: string): JsonObject {
  const { manifest } = kernel.host.contribution(point, id);
  const schema = 'options' in manifest && typeof manifest.options === 'object' ? manifest.options : {};
  const properties = typeof schema.properties === 'object' ? schema.properties : {};
  return properties !== null && 'table' in properties ? { table: text } : { path: text };
}

function byExtension(kernel: Kernel, point: Point, path: string): string | undefined {
  const name = path.toLowerCase();
  return contributions(kernel, point).find(({ extensions }) => extensions.some((each) => name.endsWith(each)))
    ?.id;
}

function contributions(kernel: Kernel, point: Point) {
  return kernel.host.contributions(point).map(({ id, manifest }) => ({
    id,
    schemes: 'schemes' in manifest ? (manifest.schemes ?? [id]) : [id],
    extensions: 'extensions' in manifest ? (manifest.extensions ?? []) : [],
  }));
}
