import type { ColumnValues, TableSchema } from '@vp/plugin-sdk';
import type { TransformRow } from './code.ts';

/** Makes the object of row `r` of a batch's columns. */
export type RowMaker = (columns: readonly ColumnValues[], r: number) => TransformRow;

/**
 * A row maker written for the schema: one object literal, so that all rows have one hidden class
 * and the engine compiles it to a few stores. Names get into the code as JSON strings only.
 */
export function compileRowMaker(schema: TableSchema): RowMaker {
  const members = schema.fields.map((field, c) => `${propertyKey(field.name)}: columns[${c}][r]`);
  return compile<RowMaker>(['columns', 'r'], `return { ${members.join(', ')} };`);
}

/** A property of an object literal; computed, where the plain form would set the prototype. */
function propertyKey(name: string): string {
  return name === '__proto__' ? '["__proto__"]' : JSON.stringify(name);
}

/** A function of generated code. */
export function compile<F>(parameters: readonly string[], body: string): F {
  return new Function(...parameters, `"use strict"; ${body}`) as F;
}
