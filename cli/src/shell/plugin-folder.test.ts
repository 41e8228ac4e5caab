import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { installedFolder as contract } from '@vp/contracts/registry';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { devFile } from '../project/linked-plugins.ts';
import { aliasPrefix, installedFolder, pluginFolder, pluginsOf } from './plugin-folder.ts';

let project: string;
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'vp-folder-'));
});
afterEach(() => rmSync(project, { recursive: true }));

function write(path: string, text = '{}'): void {
  mkdirSync(dirname(join(project, path)), { recursive: true });
  writeFileSync(join(project, path), text);
}

test('the folder of the installed set is the one of the contracts', () => {
  expect(installedFolder).toBe(contract);
});

test('a linked plugin goes before an installed one, and that before node_modules', () => {
  const find = () => pluginFolder(project, { key: 'files', package: '@vp/files' });
  expect(find()).toBeUndefined();
  write('node_modules/@vp/files/package.json');
  expect(find()).toBe(join(project, 'node_modules/@vp/files'));
  write('.vp/plugins/generations/1/node_modules/files/package.json');
  symlinkSync('generations/1', join(project, '.vp/plugins/current'));
  expect(find()).toBe(join(project, installedFolder, 'node_modules/files'));
  write(devFile, JSON.stringify({ files: '/elsewhere/files' }));
  expect(find()).toBe('/elsewhere/files');
});

test('a plugin stands under its name, or under an alias with its package beside it', () => {
  expect(pluginsOf({ '@vp/files': '^1.0.0', old: { version: '^1', package: '@vp/pg' } })).toEqual([
    { key: '@vp/files', package: '@vp/files' },
    { key: 'old', package: '@vp/pg' },
  ]);
  expect(pluginsOf('all')).toEqual([]);
});

test('of two versions of one package the one under an alias has ids of its own', () => {
  const all = pluginsOf({ '@vp/pg': '^2', old: { package: '@vp/pg' }, files: { package: '@vp/files' } });
  expect(all.map((plugin) => aliasPrefix(plugin, all))).toEqual(['', 'old:', '']);
});
