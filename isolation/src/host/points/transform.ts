import type { Json, JsonObject, Transform } from '@vp/contracts';
import { errors } from '../../errors.ts';
import { objectOf } from '../../wire/payload.ts';
import type { Incoming } from '../../wire/streams.ts';
import { jsonOf } from '../host-calls.ts';
import { finish, type Instance } from './instance.ts';
import { receive } from './receive.ts';
import { send } from './send.ts';

/** A transform that computes in the plugin's process. It has options; code of the pipeline stays here. */
export function standInTransform(instance: Instance, formats: readonly string[]): Transform {
  const { supervisor } = instance;
  return {
    // By the manifest: the contract wants an answer at once, and the plugin is a process away.
    formats: () => formats,
    async run({ code, inputs, ...request }, context) {
      const { label } = supervisor;
      if (code !== undefined) {
        throw errors.VP_ISOLATION_CANNOT_CROSS(
          { plugin: label, what: 'Code of the pipeline', reason: 'a function cannot leave its process' },
          { plugin: label },
        );
      }
      const { guest } = await instance.remote();
      const sent: Record<string, unknown> = {};
      for (const [name, payload] of Object.entries(inputs))
        sent[name] = await send(supervisor, guest, payload);
      const object = supervisor.nextObject();
      const answer = await instance.begin({
        method: 'run',
        args: { request, inputs: sent, object },
        context,
      });
      const streams: Incoming[] = [];
      const opened = (stream: Incoming) => streams.push(stream);
      return await instance.garbage('run', async () => {
        const { output, metadata } = objectOf(answer.value, 'a result');
        const init = { supervisor, guest: answer.guest, signal: context.signal, opened };
        return {
          ...(output === undefined ? {} : { output: await receive(output, init) }),
          ...(metadata === undefined ? {} : { metadata: jsonOf(metadata) as Json as JsonObject }),
          async close() {
            await Promise.all(streams.map((stream) => stream.return()));
            try {
              await finish(supervisor, { guest: answer.guest, object }, 'close');
            } finally {
              answer.release();
            }
          },
        };
      });
    },
  };
}
