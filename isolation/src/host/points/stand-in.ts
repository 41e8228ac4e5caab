import type { RemoteInstance } from '../supervisor.ts';
import type { Instance } from './instance.ts';
import { standInAlerter, standInAuth, standInCommand, standInValidator } from './others.ts';
import { standInSink } from './sink.ts';
import { standInSource } from './source.ts';
import { standInTransform } from './transform.ts';

/** What a stand-in is made from. */
interface StandInInit {
  readonly instance: Instance;
  readonly remote: RemoteInstance;
  readonly manifest: { readonly formats?: readonly string[] };
}

/** The points that reach an isolated plugin, each with how its instances are stood in for. */
export const standIns: Readonly<Record<string, (init: StandInInit) => object>> = {
  'source@1': ({ instance, remote }) => standInSource(instance, remote.methods),
  'sink@1': ({ instance, remote }) => standInSink(instance, remote.methods),
  'transform@1': ({ instance, manifest }) => standInTransform(instance, manifest.formats ?? ['rows']),
  'validator@1': ({ instance, remote }) => standInValidator(instance, remote.rules),
  'alerter@1': ({ instance, remote }) => standInAlerter(instance, remote.methods),
  'auth@1': ({ instance, remote }) => standInAuth(instance, remote.methods),
  'command@1': ({ instance }) => standInCommand(instance),
};
