import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const tried = 'VP_NEWER_NODE';

/** Starts `vp` again with a Node that a project brings as a dependency, or says what to install. */
export function runWithNewerNode(floor) {
  const bin = fileURLToPath(new URL('./vp.js', import.meta.url));
  const node = process.env[tried] ? undefined : findNode(dirname(bin)) || findNode(process.cwd());
  if (!node) {
    const message = `vp needs Node ${floor} or later; this is ${process.versions.node} (${process.execPath}).`;
    const hint =
      'Install a newer one (https://nodejs.org, or your version manager), or put one into the project: npm install --save-dev node@24';
    if (process.argv.includes('--json')) {
      const code = 'VP_NODE_TOO_OLD';
      const error = { code, class: 'user', message, hint, docs: `errors.md#${code.toLowerCase()}` };
      process.stdout.write(`${JSON.stringify({ error }, null, 2)}\n`);
    } else {
      process.stderr.write(`error VP_NODE_TOO_OLD\n  ${message}\nnext  ${hint}\n`);
    }
    process.exitCode = 2;
    return;
  }
  const env = Object.assign({}, process.env, { PATH: `${dirname(node)}${delimiter}${process.env.PATH}` });
  env[tried] = '1';
  const child = spawn(node, [bin, ...process.argv.slice(2)], { stdio: 'inherit', env });
  // The terminal sends Ctrl-C to both; what is sent to this process alone is passed on.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      process.exitCode = code === null ? 128 + (constants.signals[signal] || 0) : code;
      resolve();
    });
  });
}

function findNode(from) {
  for (let folder = from; ; folder = dirname(folder)) {
    const node = join(folder, 'node_modules', '.bin', 'node');
    if (existsSync(node)) return node;
    if (dirname(folder) === folder) return undefined;
  }
}
