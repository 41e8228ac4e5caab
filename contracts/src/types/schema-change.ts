import type { Field, LogicalType } from './logical-type.ts';

/**
 * One difference between a table as it is and as it will be. Plain JSON: shown in a plan, told in an
 * event, sent to a sink.
 */
export type SchemaChange =
  | { readonly kind: 'column.added'; readonly column: Field }
  | { readonly kind: 'column.removed'; readonly column: Field }
  | { readonly kind: 'column.renamed'; readonly from: string; readonly to: string }
  | {
      readonly kind: 'column.retyped';
      readonly column: string;
      readonly from: LogicalType;
      readonly to: LogicalType;
    }
  /** `nullable` is what it becomes. */
  | { readonly kind: 'column.nullable'; readonly column: string; readonly nullable: boolean }
  | { readonly kind: 'key.changed'; readonly from: readonly string[]; readonly to: readonly string[] };
