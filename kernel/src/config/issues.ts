import type { SourceLocation, VpError } from '@vp/contracts';
import type { SchemaFault } from '../json-schema/index.ts';
import { errors } from './errors.ts';
import type { ConfigPlace } from './layers.ts';
import { type ConfigPath, formatKey } from './path.ts';

export interface FaultContext {
  /** Where the value that was checked lies in the configuration. */
  readonly base: ConfigPath;
  place(path: ConfigPath): ConfigPlace;
}

/** Faults as errors that name key, place and the likely remedy. */
export function configErrors(faults: readonly SchemaFault[], context: FaultContext): VpError[] {
  return faults.map((fault) => {
    const { kind, problem, suggestion, expected } = fault;
    const path = [...context.base, ...fault.path];
    const around = path.slice(0, -1);
    const place = context.place(kind === 'missing' ? around : path);
    const at = { at: location(place) };
    const where = { key: formatKey(path), place: place.text };
    if (kind === 'missing')
      return errors.VP_CONFIG_MISSING({ ...where, expected: `<${expected || 'value'}>` }, at);
    if (kind === 'invalid') return errors.VP_CONFIG_INVALID({ ...where, problem, suggestion }, at);
    const within = around.length === 0 ? 'the project configuration' : `[${formatKey(around)}]`;
    const key = path.at(-1) ?? '';
    return errors.VP_CONFIG_UNKNOWN_KEY({ key, within, place: place.text, suggestion }, at);
  });
}

export function location(place: ConfigPlace): SourceLocation {
  const { text: _, ...at } = place;
  return at;
}
