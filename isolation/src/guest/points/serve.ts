import type { Alerter, Auth, Command, Sink, Source, Transform, Validator } from '@vp/contracts';
import type { Methods, ServeApi } from './api.ts';
import { serveAlerter, serveAuth, serveCommand } from './others.ts';
import { serveSink } from './sink.ts';
import { serveSource } from './source.ts';
import { serveTransform } from './transform.ts';
import { serveValidator } from './validator.ts';

/** What the host may call of an instance of a point. */
export function serve(contract: string, instance: object, api: ServeApi): Methods {
  // That an instance is what its point says is the plugin author's promise, here as in process.
  switch (contract) {
    case 'source@1':
      return serveSource(instance as Source, api);
    case 'sink@1':
      return serveSink(instance as Sink, api);
    case 'transform@1':
      return serveTransform(instance as Transform, api);
    case 'validator@1':
      return serveValidator(instance as Validator, api);
    case 'alerter@1':
      return serveAlerter(instance as Alerter, api);
    case 'auth@1':
      return serveAuth(instance as Auth, api);
    case 'command@1':
      return serveCommand(instance as Command, api);
    default:
      throw new TypeError(`${contract} does not reach an isolated plugin.`);
  }
}
