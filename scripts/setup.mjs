// Makes a fresh clone ready: installs from the lock when node_modules does not match it.
// Runs on the machine's own Node (20 or newer) and without a dependency, because nothing is installed yet.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const floor = [24, 15];

function packagesOf(lockFile) {
  try {
    return JSON.parse(readFileSync(join(root, lockFile), 'utf8')).packages;
  } catch {
    return undefined;
  }
}

// Versions are compared, not times: a checkout or a copy changes the times of files that are the same.
function outdated() {
  const wanted = packagesOf('package-lock.json');
  if (!wanted) throw new Error('package-lock.json is missing or not JSON: restore it with git');
  const installed = packagesOf('node_modules/.package-lock.json');
  if (!installed) return 'node_modules is missing';
  for (const [path, entry] of Object.entries(wanted)) {
    if (!path.includes('node_modules/')) continue;
    const found = installed[path];
    if (!found && entry.optional) continue;
    if (!found) return `${path} is not installed`;
    if (
      found.version !== entry.version ||
      found.integrity !== entry.integrity ||
      found.resolved !== entry.resolved
    ) {
      return `${path} is another version than package-lock.json says`;
    }
  }
  return undefined;
}

function install(reason) {
  console.log(`setup: ${reason}, running npm ci`);
  const { status, error } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

// The Node that `npm run` gives to every further script: it puts node_modules/.bin first on the PATH.
function checkNode() {
  const PATH = `${join(root, 'node_modules', '.bin')}${delimiter}${process.env.PATH}`;
  const { stdout } = spawnSync('node', ['--version'], { env: { ...process.env, PATH }, encoding: 'utf8' });
  const [major = 0, minor = 0] = (stdout ?? '').replace(/^v/, '').split('.').map(Number);
  if (major > floor[0] || (major === floor[0] && minor >= floor[1])) return;
  console.error(
    `setup: Node ${floor.join('.')} or newer is needed and ${stdout?.trim() || 'none'} was found.`,
  );
  console.error('setup: install Node 26 from https://nodejs.org and run the command again.');
  process.exit(1);
}

const reason = outdated();
if (reason) install(reason);
checkNode();
