import type { ReadRequest, Source, SourceRead, SourceWindow } from '@vp/contracts';
import { announcePayload } from '../../wire/payload.ts';
import type { Args, Methods, ServeApi } from './api.ts';

export function serveSource(source: Source, api: ServeApi): Methods {
  const request = <T>(args: Args) => args.request as T;
  return {
    check: (args) => source.check(api.context(args)),
    discover: (args) => source.discover(request(args), api.context(args)),
    read: async (args) =>
      describeRead(await source.read(request<ReadRequest>(args), api.context(args)), args, api),
    ...(source.version === undefined
      ? {}
      : { version: (args: Args) => source.version?.(request(args), api.context(args)) }),
    ...(source.acknowledge === undefined
      ? {}
      : { acknowledge: (args: Args) => source.acknowledge?.(request(args), api.context(args)) }),
  };
}

function describeRead(read: SourceRead, args: Args, { link, keep }: ServeApi) {
  keep(args, { state: () => read.state(), close: () => read.close() });
  const { schema, bounded, splits, windows } = read;
  return {
    schema,
    bounded,
    splits,
    parts: read.parts.map((part) => announcePayload(link, part)),
    windows:
      windows === undefined
        ? undefined
        : link.produce({ kind: 'values', items: describeWindows(windows, { link }) }),
  };
}

async function* describeWindows(windows: AsyncIterable<SourceWindow>, { link }: Pick<ServeApi, 'link'>) {
  for await (const { parts, state } of windows) {
    yield { parts: parts.map((part) => announcePayload(link, part)), state };
  }
}
