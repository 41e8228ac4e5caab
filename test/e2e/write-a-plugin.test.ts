import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startRegistry } from '@vp/registry';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { publishFirstParty } from '../../scripts/lib/publish-first-party.ts';
import { freePort } from '../services/server.ts';
import { temporaryFolder } from './lib/vp.ts';

// docs/write-a-plugin.md, as its reader follows it: every line of its sh blocks, every file it shows.

const root = dirname(dirname(import.meta.dirname));
const page = readFileSync(join(root, 'docs/write-a-plugin.md'), 'utf8');
const blocks = [...page.matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)].map(([, kind = '', text = '']) => ({
  kind,
  text,
}));
const bin = join(root, 'cli/bin/vp.js');

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let port: number;
let demoPort: number;
const running: ChildProcess[] = [];

beforeAll(async () => {
  folder = await temporaryFolder();
  port = await freePort();
  demoPort = await freePort();
  // What `npm run quickstart` leaves behind.
  const quickstart = join(folder.path, 'quickstart');
  mkdirSync(quickstart);
  await using registry = await startRegistry({ dataDir: join(quickstart, 'vp-registry'), port });
  await publishFirstParty({ registry: registry.url, token: registry.adminToken ?? '' });
}, 60_000);

afterAll(async () => {
  for (const child of running) child.kill('SIGTERM');
  await Promise.all(running.map((child) => child.exitCode ?? new Promise((end) => child.once('exit', end))));
  await folder?.dispose();
});

test('every command and file of the page does what the page says', { timeout: 180_000 }, async () => {
  let cwd = folder.path;
  let token = '';
  const env: Record<string, string | undefined> = {
    ...process.env,
    NO_COLOR: '1',
    CI: '1',
    VP_REGISTRY_TOKEN: undefined,
    PORT: String(demoPort),
    npm_config_cache: join(folder.path, 'cache'),
  };
  const said = new Map<string, string>();

  const local = (text: string) => text.replaceAll('4873', String(port)).replaceAll('8787', String(demoPort));
  const wordsOf = (line: string) => {
    const words = (line.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replaceAll('"', ''));
    if (words[0] === 'npx') words.shift();
    if (words[0] !== 'vp') return words;
    const where = words[1] === 'registry' && words[2] === 'start' ? ['--port', String(port)] : [];
    return [process.execPath, bin, ...words.slice(1), ...where];
  };

  async function command(line: string): Promise<void> {
    const [program = '', ...args] = wordsOf(line);
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (part: string) => {
        output += part;
      });
    const code = await new Promise((end) => child.once('close', end));
    expect({ line, code }, output).toEqual({ line, code: 0 });
    said.set(line, output);
    token = /^\s*(eyJ\S+)$/m.exec(output)?.[1] ?? token;
  }

  /** Starts what the page leaves running, and waits until it says where it listens. */
  async function leaveRunning(line: string): Promise<void> {
    const [program = '', ...args] = wordsOf(line);
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'inherit'] });
    running.push(child);
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      output += part;
    });
    for (let tries = 0; !output.includes('http://127.0.0.1:'); tries++) {
      if (tries > 200 || child.exitCode !== null) throw new Error(`${line} does not listen: ${output}`);
      await pause(50);
    }
  }

  async function shell(text: string): Promise<void> {
    for (const line of text.split('\n').filter((each) => each !== '')) {
      const [plain = ''] = line.split(/\s+# /);
      const [, key = '', value = ''] = /^export (\w+)=(.*)$/.exec(plain) ?? [];
      if (key !== '') env[key] = value.startsWith('<') ? token : value;
      else if (plain.startsWith('cd ')) cwd = resolve(cwd, plain.slice(3));
      else if (line.endsWith('# leave it running')) await leaveRunning(plain);
      else await command(plain);
    }
  }

  for (const { kind, text } of blocks) {
    const [, name, isMore] = /^(?:#|\/\/) (\S+?)(: add)?\n/.exec(text) ?? [];
    if (kind === 'sh') await shell(text);
    else if (name === undefined) throw new Error(`a block of the page says not which file it is: ${text}`);
    else {
      const file = join(cwd, name);
      const body = local(text.slice(text.indexOf('\n') + 1));
      writeFileSync(file, isMore === undefined ? body : `${readFileSync(file, 'utf8')}\n${body}`);
    }
  }

  expect(said.get('vp plugins conformance')).toMatch(/full/);
  expect(said.get('vp plugins info @acme/weather')).toMatch(/badge +full: \d+ laws hold/);
  expect(said.get('vp plugins info @acme/weather')).toMatch(/signed +yes/);
  expect(said.get('vp connections test station')).toMatch(/^ok +connection station/m);
  expect(said.get('vp show readings')).toMatch(/station(.|\n)*unknown(.|\n)*an id above 2\^53(.|\n)*of 4 in/);
  const lock = JSON.parse(readFileSync(join(cwd, 'vp.lock'), 'utf8'));
  expect(lock.plugins['@acme/weather']).toMatchObject({
    version: '0.1.0',
    grants: { secrets: ['config.token'] },
  });
  expect(readFileSync(join(cwd, 'vp.toml'), 'utf8')).not.toContain(token);
});
