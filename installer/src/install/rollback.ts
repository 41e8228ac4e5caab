import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lock } from '@vp/contracts/registry';
import { parseLock, readIndex, readKillLists, verifyGeneration, withdrawn } from '@vp/kernel';
import { errors } from '../errors.ts';
import { readProjectFile } from '../project/declared.ts';
import { editPlugins, type PluginEdit, type PluginFields } from '../project/vp-toml.ts';
import { previousGeneration } from '../state/generations.ts';
import { commit, finishPending, presentGeneration, readText } from '../state/journal.ts';
import { generationFiles, statePaths } from '../state/paths.ts';
import { holdInstallLock } from '../state/process-lock.ts';
import { writeFault } from './build-set.ts';

/** How a plugin changes by going back. */
export interface RollbackChange {
  readonly key: string;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

export interface RollbackResult {
  readonly from: string | undefined;
  readonly to: string;
  readonly changes: readonly RollbackChange[];
  readonly digest: string;
}

/**
 * Goes back to the generation before the present one, with its vp.lock and its `[plugins]` of vp.toml. Asks no
 * registry; everything of it is read and verified first.
 *
 * @throws VpError `VP_INSTALL_NO_PREVIOUS`, `VP_INSTALL_PREVIOUS_DAMAGED`, `VP_INSTALL_YANKED`
 */
export async function rollback(request: {
  readonly projectDir: string;
  readonly dryRun?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}): Promise<RollbackResult> {
  const { projectDir, dryRun = false, signal } = request;
  readProjectFile(projectDir);
  try {
    using _ = await holdInstallLock(statePaths(projectDir).busy, { signal });
    finishPending(projectDir);
    return goBack(projectDir, dryRun);
  } catch (error) {
    throw writeFault(error, projectDir);
  }
}

function goBack(projectDir: string, dryRun: boolean): RollbackResult {
  const paths = statePaths(projectDir);
  const project = readProjectFile(projectDir);
  const from = presentGeneration(projectDir);
  const to = previousGeneration(projectDir);
  if (to === undefined) throw errors.VP_INSTALL_NO_PREVIOUS({ folder: paths.generations });
  const folder = join(paths.generations, to);
  const text = readFileSync(join(folder, generationFiles.lock), 'utf8');
  const { lock, digest } = parseLock(text, join(folder, generationFiles.lock));
  refuseDamaged(folder, lock);
  refuseYanked(projectDir, lock);
  const fields: Readonly<Record<string, PluginFields>> = JSON.parse(
    readFileSync(join(folder, generationFiles.plugins), 'utf8'),
  );
  const before = readText(paths.lock);
  const changes = changesTo(lock, before);
  if (dryRun) return { from, to, changes, digest };
  const toml = editPlugins(project.text, editsTo(fields, project.fields));
  commit(projectDir, {
    format: 1,
    generation: to,
    lock: { before, after: text },
    toml: { before: project.text, after: toml },
  });
  return { from, to, changes, digest };
}

function refuseDamaged(folder: string, lock: Lock): void {
  const { differences, faults } = verifyGeneration({ folder, index: readIndex(folder), lock });
  const [first] = differences;
  const [fault] = faults;
  if (first === undefined && fault === undefined) return;
  const what = first === undefined ? (fault?.message ?? '') : `${first.place}/${first.file} is ${first.kind}`;
  throw errors.VP_INSTALL_PREVIOUS_DAMAGED({ folder, what });
}

function refuseYanked(projectDir: string, lock: Lock): void {
  const lists = readKillLists(projectDir);
  for (const [key, { package: name, version, registry }] of Object.entries(lock.plugins)) {
    const found = withdrawn(lists, { name, version, registry });
    if (found === undefined) continue;
    const { reason, at } = found;
    throw errors.VP_INSTALL_YANKED({ package: `${key}@${version}`, reason, at }, { plugin: key });
  }
}

function changesTo(lock: Lock, before: string | null): readonly RollbackChange[] {
  const now: Lock['plugins'] = before === null ? {} : parsedPlugins(before);
  const keys = [...new Set([...Object.keys(now), ...Object.keys(lock.plugins)])].sort();
  return keys.flatMap((key) => {
    const [from, to] = [now[key]?.version, lock.plugins[key]?.version];
    return from === to ? [] : [{ key, from, to }];
  });
}

/** Plugins of a lock that may be damaged: going back is one way to mend it. */
function parsedPlugins(text: string): Lock['plugins'] {
  try {
    return parseLock(text).lock.plugins;
  } catch {
    return {};
  }
}

function editsTo(
  then: Readonly<Record<string, PluginFields>>,
  now: Readonly<Record<string, PluginFields>>,
): readonly PluginEdit[] {
  const back = Object.entries(then).map(([key, fields]): PluginEdit => {
    const present = now[key];
    if (present === undefined) return { key, fields };
    // What else somebody has set for the plugin since (limits, isolation) stays.
    const { version, package: name, grants } = fields;
    return { key, fields: { version, package: name, grants } };
  });
  const gone = Object.keys(now).filter((key) => then[key] === undefined);
  return [...back, ...gone.map((key): PluginEdit => ({ key, fields: undefined }))];
}
