import { existsSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { describeThrown, VpError, type VpErrorInit } from '@vp/contracts';
import { type ConfigRequest, readConfig } from '../config/read.ts';
import { errors } from '../errors.ts';
import { openState } from '../state.ts';
import { layoutOf } from '../store/layout.ts';
import { lockData, type Running, readRunning } from '../store/lock.ts';
import { type OperationInput, type OperationName, type OperationResult, runOperation } from './operations.ts';

/** Where a registry is administered: by its data folder, or from afar by its URL and an administrator's token. */
export type AdminTarget = ConfigRequest | RemoteTarget;

const startingMs = 5_000;

interface RemoteTarget {
  readonly url: string;
  readonly token: string | undefined;
}

/**
 * Runs an operation of an administrator. On a data folder it is done by the process that serves it,
 * when there is one, else right here: who may write the folder is its administrator.
 */
export async function administer<Name extends OperationName>(
  target: AdminTarget,
  name: Name,
  input: OperationInput<Name>,
): Promise<OperationResult<Name>> {
  const result = 'url' in target ? await remotely(target, name, input) : await locally(target, name, input);
  // Both ways end in the same function; over HTTP it went through JSON.
  return result as OperationResult<Name>;
}

async function locally(target: ConfigRequest, name: OperationName, input: unknown): Promise<unknown> {
  const config = readConfig(target);
  const layout = layoutOf(config.data);
  if (!existsSync(layout.keys)) throw errors.VP_REGISTRY_NO_DATA({ folder: config.data });
  const running = await listening(layout.running);
  if (running?.address !== undefined && running.secret !== undefined)
    return call({ url: running.address, header: { 'x-vp-admin': running.secret } }, name, input);
  const lock = await lockData(layout.running);
  try {
    return await runOperation(await openState(config), { name, input });
  } finally {
    await lock.release();
  }
}

/** The process that serves the folder, once it listens: one that is just starting is waited for. */
async function listening(file: string): Promise<Running | undefined> {
  const until = Date.now() + startingMs;
  let running = await readRunning(file);
  while (running !== undefined && running.address === undefined && Date.now() < until) {
    await wait(50);
    running = await readRunning(file);
  }
  return running;
}

function remotely(target: RemoteTarget, name: OperationName, input: unknown): Promise<unknown> {
  if (target.token === undefined || target.token === '')
    throw errors.VP_REGISTRY_TOKEN_MISSING({ what: `Administering ${target.url}` });
  return call({ url: target.url, header: { authorization: `Bearer ${target.token}` } }, name, input);
}

async function call(
  at: { readonly url: string; readonly header: Readonly<Record<string, string>> },
  name: OperationName,
  input: unknown,
): Promise<unknown> {
  const base = at.url.endsWith('/') ? at.url : `${at.url}/`;
  let response: Response;
  let body: unknown;
  try {
    response = await fetch(new URL(`-/vp/v1/admin/${name}`, base), {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...at.header },
      body: JSON.stringify(input),
      // A backup or a verification of a large store takes its time.
      signal: AbortSignal.timeout(10 * 60_000),
    });
    body = await response.json();
  } catch (error) {
    const reason = describeThrown(error);
    throw errors.VP_REGISTRY_UNANSWERED({ url: base, reason }, { cause: error });
  }
  if (response.ok) return body;
  if (isErrorBody(body)) throw new VpError(body);
  throw errors.VP_REGISTRY_UNANSWERED({ url: base, reason: `it answers ${response.status}` });
}

function isErrorBody(body: unknown): body is VpErrorInit {
  return typeof body === 'object' && body !== null && 'code' in body && 'class' in body && 'message' in body;
}
