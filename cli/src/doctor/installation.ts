import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isVpError } from '@vp/contracts';
import type { KillLists, Lock } from '@vp/contracts/registry';
import {
  installedPath,
  type Kernel,
  lockDifferences,
  readGeneration,
  readKillLists,
  readLock,
  verifyGeneration,
} from '@vp/kernel';
import { dueRegistries } from '../shell/kill-lists.ts';
import { pendingInstall } from '../shell/open-project.ts';
import { count, plural } from '../ui/format.ts';
import { bad, type Finding, failed, ok } from './finding.ts';

const day = 24 * 3_600_000;
/** A registry that renews its keys has told so for this long. */
const soonMs = 30 * day;
const oldMs = 7 * day;

/** What the doctor calls what vp.lock says of plugins. */
const what = 'installed plugins';

/** An install that was cut off, before the project is opened: opening it would finish it. */
export function checkPending(dir: string): readonly Finding[] {
  if (!existsSync(join(dir, pendingInstall))) return [];
  const fix = 'Any command that opens the project finishes it, e.g. vp plugins list';
  return [bad('install', 'An install was cut off after it was decided', fix, 'warning')];
}

/** What is installed, byte by byte, against vp.lock; registries that cannot be trusted much longer. */
export function checkInstallation(kernel: Kernel, now = Date.now()): readonly Finding[] {
  const dir = kernel.paths.project;
  try {
    const file = readLock(dir);
    if (file === undefined) return [];
    return [
      ...checkFiles(dir, file.lock, file.digest),
      ...checkExtra(kernel, file.lock),
      ...checkUnverified(kernel),
      ...checkKeys(file.lock, now),
      ...checkKillLists(dir, file.lock, now),
    ];
  } catch (error) {
    if (!isVpError(error)) throw error;
    // The kernel has said it of the plugins that it keeps out.
    return [];
  }
}

function checkFiles(dir: string, lock: Lock, digest: string): readonly Finding[] {
  const generation = readGeneration(dir);
  if (generation === undefined || generation.index.lock !== digest) return [];
  const { packages, files, differences, faults } = verifyGeneration({ ...generation, lock });
  const found = faults.map((fault) => failed(what, fault));
  const [first, ...others] = differences;
  if (first !== undefined) {
    const more = others.length === 0 ? '' : ` and ${plural(others.length, 'further file', 'further files')}`;
    const message = `${installedPath(first)}${more}: not as installed`;
    found.push(bad(what, message, 'See all: vp plugins verify. Install anew: vp plugins install --frozen'));
  }
  if (found.length > 0) return found;
  const plugins = plural(Object.keys(lock.plugins).length, 'plugin');
  return [ok(what, `${plugins}, ${plural(packages, 'package')}, ${count(files)} files as vp.lock says`)];
}

function checkExtra(kernel: Kernel, lock: Lock): readonly Finding[] {
  const wanted = Object.keys(kernel.config.values.plugins).map((name) => ({ name }));
  return lockDifferences({ lock, wanted })
    .filter(({ kind }) => kind === 'extra')
    .map(({ plugin, text }) => bad(`plugin ${plugin}`, text, `vp plugins remove ${plugin}`, 'warning'));
}

/** Where some plugins are locked, one that is not is an oversight, or under development. */
function checkUnverified(kernel: Kernel): readonly Finding[] {
  const { policy } = kernel.config.values;
  if (policy.unverified !== 'allow') return [];
  return kernel
    .plugins()
    .filter(({ origin }) => origin === 'node_modules' || origin === 'link')
    .map(({ name, origin, directory }) => {
      const from = origin === 'link' ? `linked from ${directory}` : 'from node_modules';
      const fix = `Install it: vp plugins install ${name}. To refuse such plugins: [policy] unverified = "deny"`;
      return bad(`plugin ${name}`, `No vp.lock vouches for it (${from})`, fix, 'warning');
    });
}

function checkKeys(lock: Lock, now: number): readonly Finding[] {
  return Object.entries(lock.registries).flatMap(([registry, { keys }]) => {
    if (keys.length === 0 || keys.some(({ expires }) => expires === null)) return [];
    const last = Math.max(...keys.map(({ expires }) => Date.parse(expires ?? '')));
    if (last - now > soonMs) return [];
    const when = new Date(last).toISOString().slice(0, 10);
    const message = `${last > now ? 'Its last trusted key expires' : 'Its last trusted key expired'} on ${when}`;
    const fix = 'Ask who runs it for a new key (vp registry keys rotate), then: vp plugins install';
    return [bad(`registry ${registry}`, message, fix, 'warning')];
  });
}

function checkKillLists(dir: string, lock: Lock, now: number): readonly Finding[] {
  let lists: KillLists;
  try {
    lists = readKillLists(dir);
  } catch (error) {
    return [failed('withdrawn versions', error)];
  }
  const registries = Object.keys(lock.registries);
  return dueRegistries({ lists, registries, maxAgeMs: oldMs, now }).map((registry) => {
    const checked = lists.registries[registry]?.checked;
    const message = checked === undefined ? 'was never asked' : `was last asked on ${checked.slice(0, 10)}`;
    const fix = 'vp plugins refresh';
    return bad(
      'withdrawn versions',
      `${registry} ${message} which versions it has withdrawn`,
      fix,
      'warning',
    );
  });
}
