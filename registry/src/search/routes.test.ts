import { pluginDetailSchema, searchAnswerSchema } from '@vp/contracts/registry';
import { expect, test } from 'vitest';
import { askRoute } from '../../test/lib/ask-route.ts';
import { badge, memoryCatalogue, plugin } from '../../test/lib/memory-catalogue.ts';
import { searchRoutes } from './routes.ts';

function registry() {
  const catalogue = memoryCatalogue();
  const contributes = { sources: [{ id: 'tides', contract: 'source@1', formats: ['rows'] }] };
  catalogue.put(
    plugin({ name: '@acme/tides', badge: badge(), readme: '# Tides', manifest: { contributes } }),
  );
  const routes = searchRoutes({ catalogue, version: '1.0.0', access: 'open' });
  return { catalogue, ask: (path: string) => askRoute(routes, path) };
}

test('search answers as the contract says, and a publish is in the next answer', async () => {
  const { catalogue, ask } = registry();
  const before = searchAnswerSchema.parse((await ask('/-/vp/v1/search?q=tides&kind=source&badge=true')).body);
  expect(before).toMatchObject({ total: 1, plugins: [{ name: '@acme/tides', version: '1.0.0' }] });
  catalogue.put(plugin({ name: 'tidesurge' }));
  expect((await ask('/-/vp/v1/search?q=tides')).body).toMatchObject({ total: 2 });
  catalogue.remove('tidesurge');
  expect((await ask('/-/vp/v1/search?q=tides')).body).toMatchObject({ total: 1 });
});

test('a detail answers as the contract says; an unknown plugin with the name that is near', async () => {
  const { ask } = registry();
  const { body } = await ask('/-/vp/v1/plugins/@acme/tides');
  expect(pluginDetailSchema.parse(body)).toMatchObject({ readme: '# Tides', versions: [{ signed: true }] });
  await expect(ask('/-/vp/v1/plugins/@acme/tide')).rejects.toMatchObject({
    code: 'VP_REGISTRY_PLUGIN_UNKNOWN',
    message: expect.stringContaining('@acme/tides'),
  });
});

test.each([
  ['limit=0.5', 'limit'],
  ['limit=1000', 'limit'],
  ['offset=-1', 'offset'],
  ['badge=maybe', 'badge'],
  ['kind=sorce', 'Did you mean "source"'],
  ['capabilty=cdc', 'Did you mean "capability"'],
])('%s is refused', async (parameters, told) => {
  await expect(registry().ask(`/-/vp/v1/search?${parameters}`)).rejects.toMatchObject({
    code: 'VP_REGISTRY_SEARCH_INVALID',
    message: expect.stringContaining(told),
  });
});

test('values that a form leaves empty count as none', async () => {
  const { body } = await registry().ask('/-/vp/v1/search?q=&kind=&badge=&limit=');
  expect(body).toMatchObject({ total: 1 });
});

test('the badge is a picture that runs nothing', async () => {
  const { headers, body } = await registry().ask('/-/vp/v1/badge/@acme/tides.svg');
  expect(headers?.['content-type']).toMatch(/^image\/svg/);
  expect(headers?.['content-security-policy']).toBe("default-src 'none'");
  expect(body).toContain('full 27/27');
  await expect(registry().ask('/-/vp/v1/badge/none.svg')).rejects.toMatchObject({
    code: 'VP_REGISTRY_PLUGIN_UNKNOWN',
  });
});
