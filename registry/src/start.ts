import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { VpError } from '@vp/contracts';
import type { RegistrySettings } from './config/schema.ts';
import { errors } from './errors.ts';
import type { ServerMessage, StartMessage } from './server/messages.ts';

export interface StartInit {
  /** Instead of `data` of registry.toml. Made when it is not there. */
  readonly dataDir?: string;
  /** `registry.toml` of the working folder when there is one, unless told. */
  readonly configFile?: string;
  /** 0: any that is free. */
  readonly port?: number;
  readonly host?: string;
  /** What registry.toml would say; these win over the file. */
  readonly settings?: RegistrySettings;
}

/** A registry that runs in a process of its own. */
export interface RunningRegistry {
  /** With a `/` at its end. */
  readonly url: string;
  /** Of the user `admin`, on the first start of a data folder: it is shown this once. */
  readonly adminToken: string | undefined;
  readonly pid: number;
  /** Data folder. */
  readonly data: string;
  /** Resolves when the process has ended, by whatever cause, with its exit code and what it complained of last. */
  readonly ended: Promise<{ readonly code: number; readonly complaint: string }>;
  /** Lets what is under way end (5 s at most), and waits for the process. */
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const stopTimeoutMs = 10_000;

/**
 * Starts the registry in a process of its own, which ends with this one.
 *
 * @example
 * ```ts
 * import { startRegistry } from '@vp/registry';
 * await using registry = await startRegistry({ dataDir: './vp-registry', port: 0 });
 * console.log(registry.url, registry.adminToken);
 * ```
 */
export async function startRegistry(init: StartInit = {}): Promise<RunningRegistry> {
  const { dataDir, configFile, port, host, settings = {} } = init;
  const start: StartMessage = {
    dataDir,
    configFile,
    settings: {
      ...settings,
      ...(port === undefined ? {} : { port }),
      ...(host === undefined ? {} : { host }),
    },
  };
  const main = new URL(
    import.meta.url.endsWith('.ts') ? './server/main.ts' : './server/main.js',
    import.meta.url,
  );
  const child = spawn(process.execPath, [fileURLToPath(main), JSON.stringify(start)], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let complaint = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaint = `${complaint}${text}`.slice(-4_000);
  });
  const ended: RunningRegistry['ended'] = new Promise((resolve) =>
    child.once('exit', (code) => resolve({ code: code ?? 1, complaint: complaint.trim() })),
  );
  const ready = await firstWord(child, () => complaint);

  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      if (child.connected) child.send('stop');
      else child.kill('SIGTERM');
      const deadline = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
      await ended;
      clearTimeout(deadline);
    }
  };
  const { url, adminToken, data } = ready;
  return { url, adminToken, data, pid: child.pid ?? 0, ended, stop, [Symbol.asyncDispose]: stop };
}

function firstWord(
  child: ChildProcess,
  complaint: () => string,
): Promise<Extract<ServerMessage, { readonly type: 'ready' }>> {
  return new Promise((resolve, reject) => {
    const fail = (reason: string, cause?: unknown) =>
      reject(errors.VP_REGISTRY_START({ reason }, cause === undefined ? {} : { cause }));
    child.once('error', (error) => fail(error.message, error));
    child.once('exit', (code, signal) =>
      fail(complaint().trim() || `its process ended with ${signal ?? code}`),
    );
    child.once('message', (message: ServerMessage) => {
      if (message.type === 'ready') {
        resolve(message);
        return;
      }
      const { docs: _, cause, ...init } = message.error;
      reject(new VpError({ ...init, cause }));
    });
  });
}
