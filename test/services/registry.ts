import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Manifest } from '@vp/contracts/manifest';
import { publishPackage } from '@vp/installer';
import { startRegistry } from '@vp/registry';
import { publishFirstParty } from '../../scripts/lib/publish-first-party.ts';

type RegistrySettings = NonNullable<NonNullable<Parameters<typeof startRegistry>[0]>['settings']>;

/** A registry with plugins in it, and a folder that goes with it. */
export interface RegistrySite {
  /** Without a `/` at its end. */
  readonly url: string;
  readonly adminToken: string;
  publish(plugin: StrangersPlugin): Promise<void>;
  publishFirstParty(...only: readonly string[]): Promise<void>;
  yank(spec: string, reason: string): Promise<void>;
  close(): Promise<void>;
}

/** A plugin as somebody publishes it. */
export interface StrangersPlugin {
  readonly name: string;
  readonly version?: string;
  readonly description?: string;
  readonly keywords?: readonly string[];
  readonly readme?: string;
  readonly manifest?: Partial<Manifest>;
  /** Further files, by their path. */
  readonly files?: Readonly<Record<string, string>>;
}

export async function startRegistrySite(settings: RegistrySettings = {}): Promise<RegistrySite> {
  const folder = mkdtempSync(join(tmpdir(), 'vp-site-'));
  const running = await startRegistry({ dataDir: join(folder, 'registry'), port: 0, settings });
  const { url: registry, adminToken = '' } = running;
  return {
    url: registry.replace(/\/$/, ''),
    adminToken,
    async publish(plugin) {
      const directory = join(folder, 'packages', plugin.name, plugin.version ?? '1.0.0');
      writePackage(directory, plugin);
      const report = plugin.files?.['conformance.json'] === undefined ? 'as-is' : 'stamp';
      await publishPackage({ directory, registry, token: adminToken, report });
    },
    async publishFirstParty(...only) {
      await publishFirstParty({ registry, token: adminToken, only });
    },
    async yank(spec, reason) {
      const answer = await fetch(`${registry}-/vp/v1/admin/yank`, {
        method: 'POST',
        headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
        body: JSON.stringify({ spec, reason }),
      });
      if (!answer.ok) throw new Error(`yank answered ${answer.status}: ${await answer.text()}`);
    },
    async close() {
      await running.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function writePackage(directory: string, plugin: StrangersPlugin): void {
  const { name, version = '1.0.0', description = '', keywords = [], readme = '', manifest, files } = plugin;
  const packageJson = {
    name,
    version,
    description,
    keywords,
    license: 'MIT',
    type: 'module',
    engines: { vp: '^1.0.0' },
    peerDependencies: { '@vp/plugin-sdk': '^1.0.0' },
    vp: { manifestVersion: 1, entry: './plugin.js', ...manifest },
  };
  const all = {
    'package.json': JSON.stringify(packageJson),
    'plugin.js': 'export default {};\n',
    'README.md': readme,
    ...files,
  };
  for (const [path, text] of Object.entries(all)) {
    const file = join(directory, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}
