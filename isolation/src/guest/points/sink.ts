import type { CommitMeta, Sink, SinkWriter, WriteRequest } from '@vp/contracts';
import { receivePayload } from '../../wire/payload.ts';
import type { Crossing } from '../../wire/value.ts';
import type { Args, Methods, ServeApi } from './api.ts';

export function serveSink(sink: Sink, api: ServeApi): Methods {
  const request = <T>(args: Args) => args.request as T;
  return {
    check: (args) => sink.check(api.context(args)),
    inspect: (args) => sink.inspect(request(args), api.context(args)),
    open: async (args) => {
      const writer = await sink.open(request<WriteRequest>(args), api.context(args));
      api.keep(args, serveWriter(writer, api));
    },
    ...(sink.recover === undefined
      ? {}
      : { recover: (args: Args) => sink.recover?.(request(args), api.context(args)) }),
  };
}

function serveWriter(writer: SinkWriter, api: ServeApi): Methods {
  return {
    write: async (args) => {
      const context = api.context(args);
      return await writer.write(await receivePayload(api.link, args.payload as Crossing), context);
    },
    commit: (args) => writer.commit(args.meta as CommitMeta, api.context(args)),
    close: () => writer.close(),
  };
}
