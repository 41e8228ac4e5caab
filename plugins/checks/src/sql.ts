import type { Json } from '@vp/plugin-sdk';
import { errors } from './errors.ts';

/** A column or relation name, quoted. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/**
 * A JSON scalar as a SQL literal. Validators get no bound parameters (the text is one statement
 * for all checks), so this is the only way by which a value enters it.
 */
export function literal(value: Json, where: { readonly check: string; readonly option: string }): string {
  switch (typeof value) {
    case 'string':
      return `'${value.replaceAll("'", "''")}'`;
    case 'boolean':
      return value ? 'TRUE' : 'FALSE';
    case 'number':
      if (Number.isFinite(value)) return String(value);
      break;
    case 'object':
      if (value === null) return 'NULL';
  }
  throw errors.VP_CHECKS_INVALID_OPTION({ ...where, problem: 'is neither text, number, bool nor null' });
}
