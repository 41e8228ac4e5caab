import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface NpmResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The real npm CLI with a configuration of its own: neither this machine's registry nor its tokens. */
export async function createNpm(init: {
  readonly folder: string;
  readonly url: string;
  readonly token?: string;
}): Promise<(args: readonly string[], cwd: string, env?: NodeJS.ProcessEnv) => Promise<NpmResult>> {
  const { folder, url, token } = init;
  const npmrc = join(folder, 'npmrc');
  const auth = token === undefined ? '' : `${url.replace(/^http:/, '')}:_authToken=${token}\n`;
  await writeFile(
    npmrc,
    `registry=${url}\ncache=${join(folder, 'npm-cache')}\nupdate-notifier=false\nfetch-retries=0\n${auth}`,
  );
  const clean = Object.fromEntries(
    Object.entries(process.env).filter(([key]) => !/^npm_/i.test(key) && key !== 'NODE_OPTIONS'),
  );
  return (args, cwd, env = {}) =>
    new Promise((resolve, reject) => {
      const child = spawn('npm', [...args, '--userconfig', npmrc], {
        cwd,
        env: { ...clean, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const out = { stdout: '', stderr: '' };
      for (const name of ['stdout', 'stderr'] as const)
        child[name].setEncoding('utf8').on('data', (text: string) => {
          out[name] += text;
        });
      child.once('error', reject);
      child.once('exit', (code) => resolve({ code: code ?? 1, ...out }));
    });
}

/** Writes a package's folder. */
export async function writePackage(
  directory: string,
  packageJson: object,
  files: Readonly<Record<string, string>> = {},
): Promise<string> {
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'package.json'), JSON.stringify(packageJson, undefined, 2));
  for (const [path, text] of Object.entries(files)) await writeFile(join(directory, path), text);
  return directory;
}
