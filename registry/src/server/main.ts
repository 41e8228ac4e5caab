// The process of the registry: started by `startRegistry`, ended by its message, a signal, or the end of its parent.
import { enableCompileCache } from 'node:module';
import { describeThrown, isVpError } from '@vp/contracts';
import { readConfig } from '../config/read.ts';
import { errors } from '../errors.ts';
import type { ServerMessage, StartMessage } from './messages.ts';
import { type Serving, serve } from './serve.ts';

enableCompileCache();

let serving: Promise<Serving> | undefined;
let ending = false;

async function end(): Promise<void> {
  if (ending) return;
  ending = true;
  await (await serving)?.close();
  process.exit(0);
}

function crash(error: unknown): void {
  ending = true;
  // Its parent keeps the end of this, and nobody else hears of what happens after the start.
  if (!isVpError(error)) console.error(error);
  const known = isVpError(error)
    ? error
    : errors.VP_REGISTRY_START({ reason: describeThrown(error) }, { cause: error });
  say({ type: 'failed', error: known.toJSON() }, () => process.exit(1));
}

/** To the process that started this one, when it is still there. */
function say(message: ServerMessage, done: () => void = () => undefined): void {
  if (process.send === undefined || !process.connected) done();
  else process.send(message, done);
}

process.on('disconnect', end);
process.on('message', (message) => {
  if (message === 'stop') void end();
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, end);

process.on('uncaughtException', crash);

async function begin(): Promise<void> {
  const start: StartMessage = JSON.parse(process.argv[2] ?? '{}');
  const config = readConfig(start);
  serving = serve(config);
  const { url, adminToken } = await serving;
  say({ type: 'ready', url, data: config.data, ...(adminToken === undefined ? {} : { adminToken }) });
}

begin().catch(crash);
