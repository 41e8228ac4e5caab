import type { CallContext, CheckReport } from '@vp/plugin-sdk';
import { faultOf } from './faults.ts';
import type { Server } from './server.ts';

/** Whether a server can be reached with its configuration, and who it is. */
export async function checkServer(server: Server, context: CallContext): Promise<CheckReport> {
  const { config } = server;
  const started = performance.now();
  try {
    await using session = await server.open(context, { readOnly: true });
    const { isMaria, version } = session.flavour;
    const message = `${isMaria ? 'MariaDB' : 'MySQL'} ${version}, user ${config.user}, database ${config.database}`;
    return { ok: true, message, latencyMs: Math.round(performance.now() - started) };
  } catch (error) {
    context.signal.throwIfAborted();
    const { message, hint, code } = faultOf(error, config);
    return { ok: false, message: `${code}: ${message}`, ...(hint === undefined ? {} : { hint }) };
  }
}
