import type { AssetSpec, Column, PartitionMapping, Value, ValueOf } from '@vp/contracts';

declare const rowType: unique symbol;

/** Carries the row type of an asset through the type system. Nothing at run time. */
export interface HasRow<Row> {
  /** Phantom: is never set. */
  readonly [rowType]?: Row;
}

/** A column of an asset, to stand in a hole of sql`…`: `${flights.columns.delay}`. */
export interface ColumnRef<Name extends string = string> {
  readonly $$type: '@vp/column-ref';
  readonly version: 'v1';
  readonly asset: string;
  readonly name: Name;
}

/**
 * What `columns` of an asset without a schema is. When the compiler says that a property does not
 * exist on it: give the asset a `schema`.
 */
export interface DeclareASchemaToNameColumns {
  readonly $$columns?: never;
}

/** Rows of an asset whose columns are not declared. */
export type UndeclaredRow = { readonly [column: string]: Value };

/** An asset: the plain `AssetSpec`, and the type of its rows for the assets that consume it. */
export interface Asset<Row> extends AssetSpec, HasRow<Row> {
  /** Its declared columns, for SQL: a renamed column is a compile error where it is used. */
  readonly columns: { readonly [Name in keyof Row & string]: ColumnRef<Name> };
}

/** An asset without a schema. */
export interface UndeclaredAsset extends AssetSpec, HasRow<UndeclaredRow> {
  readonly columns: DeclareASchemaToNameColumns;
}

/** An asset as an input, with the partitions of it that are read. Made by `allPartitions` and `partitionWindow`. */
export interface AssetRef<Row> extends HasRow<Row> {
  readonly $$type: '@vp/asset-ref';
  readonly version: 'v1';
  readonly asset: AssetSpec;
  readonly partitions: PartitionMapping;
}

/** What can be an input: an asset, or some partitions of it. */
export type Input<Row = unknown> = (AssetSpec & HasRow<Row>) | AssetRef<Row>;

/** Inputs by the names under which the computation knows them. */
export type Inputs = { readonly [as: string]: Input };

/** The row type that columns (`{ id: t.int64() }`) describe. */
export type RowOfColumns<C> = { readonly [Name in keyof C]: ValueOf<C[Name]> };

/**
 * The type of an asset's rows, or of the rows that columns describe: `RowOf<typeof flights>`.
 */
export type RowOf<T> = T extends HasRow<infer Row> & { readonly $$type: string }
  ? Row
  : T extends { readonly [name: string]: Column }
    ? RowOfColumns<T>
    : never;
