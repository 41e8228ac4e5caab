import {
  type CallContext,
  describeThrown,
  type PartitionKey,
  type PublishSpec,
  points,
  type Sink,
} from '@vp/contracts';
import type { PluginHost } from '../host.ts';
import type { Current } from './current.ts';

/** What a destination holds, or why it could not be asked. */
export type SinkState =
  | { readonly kind: 'known'; readonly current: Current | undefined }
  | { readonly kind: 'unknown'; readonly problem: string };

/**
 * What a sink last committed. A destination that is there but keeps no commit of ours is taken at
 * the store's word.
 */
export async function probeSink(init: {
  readonly publish: PublishSpec;
  readonly partition: PartitionKey | undefined;
  readonly host: PluginHost;
  readonly context: CallContext;
  readonly record: Current | undefined;
}): Promise<SinkState> {
  const { publish, partition, host, context, record } = init;
  const request = { options: publish.options, ...(partition === undefined ? {} : { partition }) };
  try {
    const sink: Sink = await host.instance(points.sink, publish.use, publish.connection);
    const { exists, committed } = await sink.inspect(request, context);
    if (!exists) return { kind: 'known', current: undefined };
    if (committed === undefined || committed.fingerprint === record?.fingerprint) {
      return { kind: 'known', current: record };
    }
    const { token, fingerprint, inputs } = committed;
    return { kind: 'known', current: { version: token, fingerprint, inputs } };
  } catch (error) {
    context.signal.throwIfAborted();
    return { kind: 'unknown', problem: `the destination could not be asked: ${describeThrown(error)}` };
  }
}
