import type { Value } from '@vp/contracts';

/** A row as an object: column names to the JavaScript values of their logical types. */
export type Row = { readonly [column: string]: Value };
