import { fork } from 'node:child_process';
import { conformanceReportSchema } from '@vp/contracts/registry';
import * as z from 'zod';
import { errors } from './errors.ts';
import type { FoundPackage } from './plugin-package.ts';
import { kitRunner, subjectsModule } from './subjects.ts';

const lawOutcome = z.looseObject({
  id: z.string(),
  title: z.string(),
  level: z.enum(['must', 'should']),
  outcome: z.enum(['passed', 'failed', 'exempt']),
  reason: z.string().optional(),
  /** What broke it. */
  problem: z.string().optional(),
});

/** What the runner of `@vp/plugin-sdk` tells: of whichever version the plugin has. */
const message = z.discriminatedUnion('type', [
  z.looseObject({
    type: z.literal('law'),
    of: z.looseObject({ point: z.string(), id: z.string(), variant: z.string().optional() }),
    law: lawOutcome,
  }),
  z.looseObject({ type: z.literal('done'), contributions: conformanceReportSchema.shape.contributions }),
  z.looseObject({
    type: z.literal('failed'),
    code: z.string(),
    message: z.string(),
    hint: z.string().optional(),
  }),
]);

export type LawTold = Extract<z.infer<typeof message>, { type: 'law' }>;
export type Contributions = z.infer<typeof conformanceReportSchema>['contributions'];

/** A law has its own time-out, unless the plugin blocks its process: then nothing is heard any more. */
const silenceMs = 120_000;

/**
 * Runs the kits on a plugin's subjects, in a process of its own.
 *
 * @throws VpError of the SDK when the subjects cannot be used, `VP_KIT_SUBJECTS_FAILED` when the process
 * crashes, hangs or is ended
 */
export async function runKits(request: {
  readonly plugin: FoundPackage;
  /** Ids of laws; all when left out. */
  readonly laws?: readonly string[] | undefined;
  readonly signal: AbortSignal;
  onLaw?(told: LawTold): void;
}): Promise<Contributions> {
  const { plugin, laws, signal, onLaw } = request;
  const failed = (problem: string) =>
    errors.VP_KIT_SUBJECTS_FAILED({ plugin: plugin.package.name, problem: problem.trim() });
  const { promise, resolve, reject } = Promise.withResolvers<Contributions>();
  const child = fork(kitRunner(plugin), [subjectsModule(plugin), JSON.stringify(laws ?? null)], {
    cwd: plugin.directory,
    execArgv: ['--expose-gc', '--disable-warning=ExperimentalWarning'],
    // What a plugin prints is told only when it does not come to its end.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      said = `${said}${text}`.slice(-4000);
    });
  const end = () => void child.kill('SIGKILL');
  const watchdog = setTimeout(() => {
    end();
    reject(failed(`nothing was heard of it for ${silenceMs / 1000} s.`));
  }, silenceMs);
  signal.addEventListener('abort', end, { once: true });
  child.on('message', (value) => {
    watchdog.refresh();
    const told = message.safeParse(value);
    if (!told.success) return;
    if (told.data.type === 'law') onLaw?.(told.data);
    else if (told.data.type === 'done') resolve(told.data.contributions);
    else reject(failed(`${told.data.message} ${told.data.hint ?? ''}`));
  });
  child.once('error', (error) => reject(failed(error.message)));
  child.once('close', (code, by) => {
    signal.throwIfAborted();
    reject(failed(`its process ended with ${by ?? `exit code ${code}`}. ${said.trim()}`));
  });
  try {
    return await promise;
  } finally {
    clearTimeout(watchdog);
    signal.removeEventListener('abort', end);
    end();
  }
}
