import type { Payload, Transform, TransformRequest } from '@vp/contracts';
import { announcePayload, receivePayload } from '../../wire/payload.ts';
import type { Crossing } from '../../wire/value.ts';
import type { Args, Methods, ServeApi } from './api.ts';

export function serveTransform(transform: Transform, api: ServeApi): Methods {
  return {
    run: async (args) => {
      const request = args.request as Omit<TransformRequest, 'inputs'>;
      const inputs: Record<string, Payload> = {};
      for (const [name, payload] of Object.entries(args.inputs as Readonly<Record<string, Crossing>>)) {
        inputs[name] = await receivePayload(api.link, payload);
      }
      const result = await transform.run({ ...request, inputs }, api.context(args));
      api.keep(args, { close: () => result.close?.() });
      const { output, metadata } = result;
      return { metadata, output: output === undefined ? undefined : announcePayload(api.link, output) };
    },
    formats: (args: Args) => transform.formats({ options: args.options as TransformRequest['options'] }),
  };
}
