import type { Sink, SinkTable, SinkWriter, TransferStats } from '@vp/contracts';
import { arrayOf, objectOf } from '../../wire/payload.ts';
import type { Crossing } from '../../wire/value.ts';
import { checkReport } from './check.ts';
import { type Answer, finish, type Instance, invoke } from './instance.ts';
import { send } from './send.ts';

/** Milliseconds that a write or a commit may go on after an abort: what it was doing may be half done. */
const graceMs = 10_000;

/** A sink that writes in the plugin's process. */
export function standInSink(instance: Instance, methods: ReadonlySet<string>): Sink {
  return {
    check: (context) => checkReport(instance, context),
    async inspect(request, context) {
      const table = await instance.call({ method: 'inspect', args: { request }, context });
      return await instance.garbage('inspect', () => objectOf(table, 'a table') as unknown as SinkTable);
    },
    async open(request, context) {
      const object = instance.supervisor.nextObject();
      const answer = await instance.begin({ method: 'open', args: { request, object }, context });
      return standInWriter(instance, { answer, object });
    },
    ...(methods.has('recover')
      ? {
          async recover(request, context) {
            const removed = await instance.call({ method: 'recover', args: { request }, context });
            return await instance.garbage('recover', () =>
              arrayOf(removed, 'the names of leftovers').map(String),
            );
          },
        }
      : {}),
  };
}

function standInWriter(
  instance: Instance,
  { answer, object }: { readonly answer: Answer; readonly object: number },
): SinkWriter {
  const { supervisor } = instance;
  const { guest, release } = answer;
  const target = { guest, object };
  let closing: Promise<void> | undefined;
  const close = async () => {
    try {
      await finish(supervisor, target, 'close');
    } finally {
      release();
    }
  };
  return {
    async write(payload, context) {
      const args = { payload: await send(supervisor, guest, payload) };
      const written = await invoke(supervisor, target, { method: 'write', args, context, graceMs });
      written.release();
      return statsOf(written.value);
    },
    async commit(meta, context) {
      const done = await invoke(supervisor, target, { method: 'commit', args: { meta }, context, graceMs });
      done.release();
      return await instance.garbage('commit', () => {
        const { location, stats } = objectOf(done.value, 'a commit');
        return { location: String(location), stats: statsOf(stats) };
      });
    },
    close() {
      closing ??= close();
      return closing;
    },
  };
}

const statsOf = (value: Crossing) => objectOf(value, 'the numbers of a transfer') as unknown as TransferStats;
