import { suggest } from '@vp/contracts';
import type { MakeRoutes, RouteAnswer, RouteRequest } from '../routes.ts';
import { indexOf } from '../search/catalogue-index.ts';
import { pluginOf } from '../search/published-plugin.ts';
import { asset, assetPath } from './assets.ts';
import { pluginPath } from './links.ts';
import { homePage, homeQuery } from './pages/home.ts';
import { messagePage, signInPage, unknownPlugin } from './pages/message.ts';
import { pluginPage } from './pages/plugin.ts';
import { type Page, pageAnswer, type Site } from './parts/layout.ts';
import { viewOf } from './plugin-view.ts';

/** The pages for people: `/`, `/-/plugins/<name>`, and the files that they need. */
export const webRoutes: MakeRoutes = ({ catalogue, version, access }) => {
  const index = indexOf(catalogue);

  // Public to the server, because a browser that may not read gets a page that says so, not JSON.
  const page = async (
    request: RouteRequest,
    make: (site: Site) => Page | Promise<Page>,
  ): Promise<RouteAnswer> => {
    const { origin, host } = request.url;
    const site = { origin, host, version };
    const isRefused = access === 'authenticated' && request.caller === undefined;
    return pageAnswer(site, isRefused ? signInPage() : await make(site));
  };

  const plugin = async (name: string, site: Site): Promise<Page> => {
    const found = pluginOf(catalogue.get(name));
    if (found) return pluginPage({ view: await viewOf(catalogue, found), site, access });
    const offered = catalogue.packages().filter((each) => pluginOf(each)?.offered);
    const near = suggest(
      name,
      offered.map((each) => each.name),
    );
    const alike = index.search({ q: name, limit: 3 }).plugins.map((each) => each.name);
    return unknownPlugin(name, [...new Set([...(near ? [near] : []), ...alike])]);
  };

  return [
    {
      method: 'GET',
      path: '/',
      public: true,
      handle: (request) => page(request, () => homePage(index, homeQuery(request.url.searchParams))),
    },
    {
      method: 'GET',
      path: `${pluginPath}*`,
      public: true,
      handle: (request) => page(request, (site) => plugin(request.rest, site)),
    },
    {
      method: 'GET',
      path: `${assetPath}*`,
      public: true,
      handle: (request) => assetAnswer(request.rest) ?? page(request, () => messagePage(noSuchFile)),
    },
    {
      method: 'GET',
      path: '/favicon.ico',
      public: true,
      handle: () => assetAnswer('favicon.svg') ?? { body: '' },
    },
  ];
};

const noSuchFile = { status: 404, title: 'No such page', text: 'There is nothing at this address.' };

function assetAnswer(name: string): RouteAnswer | undefined {
  const found = asset(name);
  if (!found) return undefined;
  const headers = {
    'content-type': found.type,
    'cache-control': 'public, max-age=31536000, immutable',
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
  };
  return { headers, body: found.text };
}
