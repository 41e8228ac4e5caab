import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type KillLists, killListFile } from '@vp/contracts/registry';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createHealthy, refusalOf } from '../support/healthy.ts';
import { createInstalled, registry } from '../support/installed.ts';

let installed: ReturnType<typeof createHealthy>;
beforeEach(() => {
  installed = createHealthy();
});
afterEach(() => installed[Symbol.dispose]());

const refusal = (more: Parameters<typeof installed.boot>[0] = {}) => refusalOf(installed, more);

describe('what was withdrawn is not loaded', () => {
  const listOf = (url: string, entry: { readonly package: string; readonly version: string }): KillLists => ({
    format: 1,
    registries: {
      [url]: {
        checked: '2026-11-24T00:00:00.000Z',
        list: {
          serial: 1,
          entries: [{ ...entry, reason: 'It deletes tables.', at: '2026-11-23T10:00:00.000Z' }],
          signature: { keyid: 'SHA256:key', sig: 'AAAA' },
        },
      },
    },
  });
  const own = { package: 'zoo-healthy', version: '1.0.0' };
  const keep = (lists: KillLists) =>
    writeFileSync(join(installed.projectDir, killListFile), JSON.stringify(lists));

  test('the version, with the reason and what to do', async () => {
    keep(listOf(registry, own));
    const error = await refusal();
    expect(error).toMatchObject({ code: 'VP_PLUGIN_YANKED', phase: 'verify' });
    expect(error?.message).toBe(
      'zoo-healthy cannot be used: zoo-healthy@1.0.0 was withdrawn by its registry on 2026-11-23: It deletes tables.',
    );
    expect(error?.hint).toMatch(/upgrade zoo-healthy.*rollback/);
    const kernel = await installed.boot();
    expect(kernel.plugins()[0]?.trust).toBe('yanked');
    await kernel.stop();
  });

  test('a dependency', async () => {
    keep(listOf(registry, { package: 'dep', version: '2.0.0' }));
    expect((await refusal())?.message).toMatch(/dep@2\.0\.0 was withdrawn/);
  });

  test('what is withdrawn by now, before the first load', async () => {
    expect((await refusal({ killLists: async () => listOf(registry, own) }))?.code).toBe('VP_PLUGIN_YANKED');
    expect(await refusal({ killLists: async () => undefined })).toBeUndefined();
  });

  test('other versions, and the packages of another registry, stay', async () => {
    keep(listOf(registry, { ...own, version: '1.0.1' }));
    expect(await refusal()).toBeUndefined();
    keep(listOf('https://registry.npmjs.org/', own));
    expect(await refusal()).toBeUndefined();
  });

  test('a list that cannot be read is told', async () => {
    writeFileSync(join(installed.projectDir, killListFile), '{');
    const kernel = await installed.boot();
    expect(kernel.diagnostics.all()).toMatchObject([
      { code: 'VP_KILL_LIST_UNREADABLE', severity: 'warning' },
    ]);
    expect(kernel.problems()).toEqual([]);
    await kernel.stop();
  });
});

describe('policy', () => {
  test.each([
    [{ deny: ['zoo-*'] }, 'VP_PLUGIN_NOT_ALLOWED', /zoo-healthy@1\.0\.0 is on the deny list \("zoo-\*"\)/],
    [{ deny: ['zoo-healthy@<1.0.1'] }, 'VP_PLUGIN_NOT_ALLOWED', /deny list/],
    [{ allow: ['@acme/*'] }, 'VP_PLUGIN_NOT_ALLOWED', /not on the allow list \(@acme\/\*\)/],
  ])('%j refuses', async (policy, code, says) => {
    const error = await refusal({ policy });
    expect(error?.code).toBe(code);
    expect(error?.message).toMatch(says);
  });

  test.each([{ deny: ['zoo-healthy@>1'] }, { allow: ['*'] }, { allow: ['@acme/*', 'zoo-healthy@1'] }])(
    '%j lets it pass',
    async (policy) => expect(await refusal({ policy })).toBeUndefined(),
  );

  test('a plugin of the lock without a signature', async () => {
    installed[Symbol.dispose]();
    installed = createInstalled({
      zoo: ['healthy'],
      alter: (lock) => ({
        ...lock,
        plugins: Object.fromEntries(
          Object.entries(lock.plugins).map(([name, { signature: _, ...rest }]) => [name, rest]),
        ),
      }),
    });
    expect((await refusal())?.code).toBe('VP_PLUGIN_UNSIGNED');
    expect(await refusal({ policy: { signatures: 'ignore' } })).toBeUndefined();
    const kernel = await installed.boot({ policy: { signatures: 'warn' } });
    expect(kernel.problems()).toEqual([]);
    expect(kernel.diagnostics.all()).toMatchObject([{ code: 'VP_PLUGIN_UNSIGNED', severity: 'warning' }]);
    await kernel.stop();
  });

  test.each([
    ['allow', undefined, undefined],
    ['warn', undefined, 'warning'],
    ['deny', 'VP_PLUGIN_UNVERIFIED', 'error'],
  ])('unverified = "%s"', async (unverified, code, severity) => {
    const modules = join(installed.projectDir, 'node_modules/zoo-schema-missing');
    cpSync(join(import.meta.dirname, '../zoo/schema-missing'), modules, { recursive: true });
    const plugins = { 'zoo-healthy': '1', 'zoo-schema-missing': '1' };
    const kernel = await installed.boot({ plugins, policy: { unverified } });
    expect(kernel.plugins()[0]).toMatchObject({ trust: 'verified', state: 'resolved' });
    expect(kernel.plugins()[1]).toMatchObject({ trust: 'unverified', origin: 'node_modules' });
    expect(kernel.plugins()[1]?.error?.code).toBe(code);
    const told = kernel.diagnostics.all().find((each) => each.code === 'VP_PLUGIN_UNVERIFIED');
    expect(told?.severity).toBe(severity);
    await kernel.stop();
  });
});
