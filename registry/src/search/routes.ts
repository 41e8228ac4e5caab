import { badgeSvg } from '@vp/contracts/registry';
import type { Catalogue } from '../catalogue.ts';
import { errors } from '../errors.ts';
import type { MakeRoutes } from '../routes.ts';
import { detailOf } from './answers.ts';
import { indexOf } from './catalogue-index.ts';
import { type PublishedPlugin, pluginOf } from './published-plugin.ts';
import { parseQuery } from './query.ts';

/** The JSON side of search: `/-/vp/v1/search`, `/-/vp/v1/plugins/<name>` and `/-/vp/v1/badge/<name>.svg`. */
export const searchRoutes: MakeRoutes = ({ catalogue }) => {
  const index = indexOf(catalogue);
  return [
    {
      method: 'GET',
      path: '/-/vp/v1/search',
      handle: ({ url }) => ({ body: index.search(parseQuery(url.searchParams, index)) }),
    },
    {
      method: 'GET',
      path: '/-/vp/v1/plugins/*',
      handle: ({ rest }) => ({ body: detailOf(existing(catalogue, rest)) }),
    },
    {
      method: 'GET',
      path: '/-/vp/v1/badge/*',
      handle: ({ rest }) => ({
        headers: {
          'content-type': 'image/svg+xml; charset=utf-8',
          'content-security-policy': "default-src 'none'",
          'x-content-type-options': 'nosniff',
          'cache-control': 'no-cache',
        },
        body: badgeSvg(existing(catalogue, rest.replace(/\.svg$/, '')).shown.facts.badge),
      }),
    },
  ];
};

function existing(catalogue: Catalogue, name: string): PublishedPlugin {
  const plugin = pluginOf(catalogue.get(name));
  if (plugin) return plugin;
  const known = catalogue.packages().filter((each) => pluginOf(each)?.offered);
  throw errors.VP_REGISTRY_PLUGIN_UNKNOWN({ name, known: known.map((each) => each.name) });
}
