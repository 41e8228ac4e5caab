import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Badge } from '@vp/contracts/registry';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder, vp, vpJson } from './lib/vp.ts';

let cwd: string;
let dispose: () => Promise<void>;
beforeAll(async () => {
  ({ path: cwd, dispose } = await temporaryFolder());
});
afterAll(() => dispose());

const kinds = ['source', 'sink', 'transform', 'validator', 'alerter', 'auth', 'executor', 'command'];

async function npm(args: readonly string[], folder: string): Promise<{ code: number; output: string }> {
  const child = spawn('npm', [...args], { cwd: folder, env: { ...process.env, NO_COLOR: '1' } });
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  const code = await new Promise<number>((resolve) => child.once('close', (end) => resolve(end ?? 1)));
  return { code, output: (await output).join('\n') };
}

describe.concurrent('a plugin as vp plugins new makes it', () => {
  test.each(kinds)(
    '%s: builds, has right types, passes its tests and keeps its laws',
    async (kind) => {
      const name = `acme-${kind}-x`;
      const made = await vpJson<{ package: string; id: string; linked: boolean }>(
        ['plugins', 'new', name, '--kind', kind, '--scope', 'acme'],
        { cwd },
      );
      expect(made.data).toMatchObject({ package: `@acme/${kind}-x`, id: `${kind}-x`, linked: true });
      const folder = join(cwd, name);
      const types = await npm(['run', '-s', 'typecheck'], folder);
      expect(types.code, types.output).toBe(0);
      const tested = await npm(['test'], folder);
      expect(tested.code, tested.output).toBe(0);
      if (kind === 'command') return;

      const proof = await vpJson<{ badge: Badge; digest: string; broken: readonly object[] }>(
        ['plugins', 'conformance', name],
        { cwd },
      );
      expect(proof.data).toMatchObject({ badge: { level: 'full', failed: 0 }, broken: [] });
      expect(proof.code).toBe(0);
      const report = JSON.parse(readFileSync(join(folder, 'conformance.json'), 'utf8'));
      expect(report).toMatchObject({ plugin: `@acme/${kind}-x`, digest: proof.data.digest });
      expect(readFileSync(join(folder, 'conformance.svg'), 'utf8')).toContain('full');
    },
    120_000,
  );
});

test('a name, kind or folder that cannot be used is refused with what to do, and nothing is written', async () => {
  const refused = async (...args: readonly string[]) => {
    const { code, stderr } = await vp(['plugins', 'new', ...args], { cwd });
    expect(code).toBe(2);
    return stderr;
  };
  expect(await refused('Acme Weather', '--kind', 'source')).toContain('VP_KIT_NAME');
  expect(await refused('../acme', '--kind', 'source')).toContain('VP_KIT_NAME');
  expect(await refused('acme-other', '--kind', 'sorce')).toMatch(/VP_KIT_TEMPLATE(.|\n)*"source"/);
  expect(await refused('acme-other')).toMatch(/VP_KIT_KIND_MISSING(.|\n)*source, sink/);
  expect(existsSync(join(cwd, 'acme-other'))).toBe(false);
  expect(await refused('acme-x', '--kind', 'sink', '--dir', 'acme-sink-x')).toContain('is not empty');
});

test('laws can be tried one by one, and a broken one fails the command and gives no badge', async () => {
  const folder = join(cwd, 'acme-alerter-x');
  const one = await vp(['plugins', 'conformance', folder, '--law', 'A01'], { cwd });
  expect(one.code, one.stderr).toBe(0);
  expect(one.stdout).toMatch(/✓ A01/);
  expect(one.stdout).not.toContain('wrote');
  const none = await vp(['plugins', 'conformance', folder, '--law', 'S99'], { cwd });
  expect(none.code).not.toBe(0);
  expect(none.stderr).toContain('S99');
});
