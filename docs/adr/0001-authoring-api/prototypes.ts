// Types of the shapes that were not chosen, as far as it takes to try them in an editor.
import type {
  Asset,
  AssetSpec,
  Check,
  Columns,
  Input,
  PublishSpec,
  RowOf,
  SinkUse,
  Sql,
  SqlHole,
  UndeclaredAsset,
  ValueOf,
} from 'vibepiper';

export { check, monthly, partition, sink, t } from 'vibepiper';

type Row<C> = { readonly [K in keyof C]: ValueOf<C[K]> };
type Inputs = Readonly<Record<string, Input>>;
type Batches<I extends Inputs> = { readonly [K in keyof I]: AsyncIterable<readonly RowOf<I[K]>[]> };
type Partitions = NonNullable<AssetSpec['partitions']>;
type Tag<T> = (strings: TemplateStringsArray, ...holes: readonly SqlHole[]) => T;

// Shape B
export interface Ended {
  publish(to: SinkUse): PublishSpec;
}
export type Checked<C extends Columns> = Asset<Row<C>> &
  Ended & { check(check: Check<keyof C & string>): Checked<C> };
export type Loose = UndeclaredAsset & Ended & { schema<C extends Columns>(columns: C): Checked<C> };
export interface Reading<I extends Inputs> {
  schema<C extends Columns>(
    columns: C,
  ): {
    rows<const R extends Row<C> | readonly Row<C>[] | null>(fn: (row: RowOf<I[keyof I]>) => R): Checked<C>;
    batches<R extends Row<C>>(fn: (inputs: Batches<I>) => AsyncIterable<readonly R[]>): Checked<C>;
  };
  task(fn: (inputs: Batches<I>) => Promise<object | undefined>): AssetSpec;
}
export interface Chain {
  describe(text: string): Chain;
  partitions(partitions: Partitions): Chain;
  from(id: string, options: object): Loose;
  sql: Tag<Loose>;
  reads<I extends Inputs>(inputs: I): Reading<I>;
}
export declare function chain(name: string): Chain;
export declare function pipeline(...parts: readonly (AssetSpec | PublishSpec)[]): object;

// Shape C
interface Common<C extends Columns> {
  readonly description?: string;
  readonly schema?: C;
  readonly checks?: readonly Check<NoInfer<keyof C & string>>[];
  readonly partitions?: Partitions;
}
type Declared<C extends Columns> = Common<C> & { readonly schema: C };
export declare function read(name: string, id: string, options: object): UndeclaredAsset;
export declare function read<C extends Columns>(
  name: string,
  id: string,
  options: object,
  common: Declared<C>,
): Asset<Row<C>>;
export declare function query(name: string, common?: Omit<Common<Columns>, 'schema'>): Tag<UndeclaredAsset>;
export declare function query<C extends Columns>(name: string, common: Declared<C>): Tag<Asset<Row<C>>>;
export declare function rows<From, C extends Columns, const R extends Row<C> | readonly Row<C>[] | null>(
  name: string,
  from: Input<From>,
  common: Declared<C>,
  fn: (row: From) => R,
): Asset<Row<C>>;
export declare function batches<I extends Inputs, C extends Columns, R extends Row<C>>(
  name: string,
  inputs: I,
  common: Declared<C>,
  fn: (inputs: Batches<I>) => AsyncIterable<readonly R[]>,
): Asset<Row<C>>;
export declare function task<I extends Inputs>(
  name: string,
  inputs: I,
  fn: (inputs: Batches<I>) => Promise<object | undefined>,
): AssetSpec;
export declare function write<Row>(asset: Asset<Row> | UndeclaredAsset, to: SinkUse): PublishSpec;
export type { Sql };
