import type { Payload, Source, SourceRead, SourceStream, SourceWindow } from '@vp/contracts';
import { arrayOf, objectOf, schemaOf } from '../../wire/payload.ts';
import type { Incoming } from '../../wire/streams.ts';
import type { Crossing } from '../../wire/value.ts';
import { jsonOf } from '../host-calls.ts';
import { checkReport } from './check.ts';
import { type Answer, finish, type Instance, invoke } from './instance.ts';
import { guarded, type ReceiveInit, receive } from './receive.ts';

/** A source that is read in the plugin's process. */
export function standInSource(instance: Instance, methods: ReadonlySet<string>): Source {
  return {
    check: (context) => checkReport(instance, context),
    async discover(request, context) {
      const found = await instance.call({ method: 'discover', args: { request }, context });
      // Plain data now; what is wrong with it is found where that of any plugin is.
      return found as unknown as readonly SourceStream[];
    },
    ...(methods.has('version')
      ? {
          async version(request, context) {
            const token = await instance.call({ method: 'version', args: { request }, context });
            return token as string | undefined;
          },
        }
      : {}),
    async read(request, context) {
      const object = instance.supervisor.nextObject();
      const answer = await instance.begin({ method: 'read', args: { request, object }, context });
      return await instance.garbage('read', () =>
        standInRead(instance, { answer, object, signal: context.signal }),
      );
    },
    ...(methods.has('acknowledge')
      ? {
          async acknowledge(request, context) {
            await instance.call({ method: 'acknowledge', args: { request }, context });
          },
        }
      : {}),
  };
}

async function standInRead(
  { supervisor }: Instance,
  {
    answer,
    object,
    signal,
  }: { readonly answer: Answer; readonly object: number; readonly signal: AbortSignal },
): Promise<SourceRead> {
  const { guest, release } = answer;
  const { schema, bounded, parts, splits, windows } = objectOf(answer.value, 'a read');
  const streams: Incoming[] = [];
  const init: ReceiveInit = { supervisor, guest, signal, opened: (stream) => streams.push(stream) };
  const target = { guest, object };
  let closing: Promise<void> | undefined;
  const close = async () => {
    try {
      await Promise.all(streams.map((stream) => stream.return()));
      await finish(supervisor, target, 'close');
    } finally {
      release();
    }
  };
  const received: Payload[] = [];
  try {
    for (const part of arrayOf(parts, 'the parts of a read')) received.push(await receive(part, init));
    schemaOf(schema);
  } catch (error) {
    // Nobody else will: there is no read to close.
    await close();
    throw error;
  }
  return {
    schema: schemaOf(schema),
    bounded: bounded as boolean,
    parts: received,
    ...(windows === undefined ? {} : { windows: standInWindows(windows, init) }),
    ...(splits === undefined ? {} : { splits: arrayOf(splits, 'the splits of a read').map(jsonOf) }),
    async state() {
      const { value } = await invoke(supervisor, target, { method: 'state' });
      return value === undefined ? undefined : jsonOf(value);
    },
    close() {
      closing ??= close();
      return closing;
    },
  };
}

async function* standInWindows(stream: Crossing, init: ReceiveInit): AsyncGenerator<SourceWindow> {
  const { guest, opened } = init;
  const incoming = guest.link.consume(stream, { kind: 'values' });
  opened(incoming);
  for await (const item of guarded(incoming, init)) {
    const { parts, state } = objectOf(item as Crossing, 'a window');
    const received = [];
    for (const part of arrayOf(parts, 'the parts of a window')) received.push(await receive(part, init));
    yield { parts: received, state: jsonOf(state) };
  }
}
