import { createHmac } from 'node:crypto';
import {
  abortable,
  type ColumnValues,
  didYouMean,
  type RowBatch,
  type RowsPayload,
  rowsPayload,
  type TableSchema,
  type Transform,
  type TransformRequest,
} from '@vp/plugin-sdk';
import { type {{class}}Config, keyOf } from './config.ts';
import { errors } from './errors.ts';

/** Replaces texts of some columns by keyed hashes. The same text has the same hash, so joins still work. */
export function create{{class}}Transform(config: {{class}}Config): Transform {
  const key = keyOf(config);
  const pseudonym = (text: string) => createHmac('sha256', key).update(text).digest('hex').slice(0, 32);
  return {
    formats: () => ['rows'],
    async run(request, { signal }) {
      signal.throwIfAborted();
      const input = onlyInput(request);
      const hidden = hiddenColumns(request, input.schema);
      const output = request.schema ?? input.schema;
      const from = output.fields.map(({ name }) => input.schema.fields.findIndex((field) => field.name === name));
      const missing = output.fields.find((_, i) => from[i] === -1);
      if (missing !== undefined) throw columnError(request, missing.name, 'is declared and is not there');

      async function* batches(): AsyncGenerator<RowBatch> {
        // Column by column: values that stay are handed on, not copied.
        for await (const batch of abortable(input.batches, signal)) {
          const columns = from.map((index) => {
            const values = batch.columns[index] ?? [];
            return hidden.has(index) ? replaced(values, pseudonym) : values;
          });
          yield { length: batch.length, columns };
        }
      }
      return { output: rowsPayload(output, batches()) };
    },
  };
}

const replaced = (values: ColumnValues, pseudonym: (text: string) => string): ColumnValues =>
  Array.from(values, (value) => (typeof value === 'string' ? pseudonym(value) : null));

function onlyInput({ asset, inputs }: TransformRequest): RowsPayload {
  const all = Object.values(inputs);
  const [input] = all;
  if (input === undefined || all.length > 1)
    throw errors.VP_{{code}}_INPUTS({ asset, problem: `has ${all.length} inputs, one is needed` });
  if (input.carrier !== 'rows') throw errors.VP_{{code}}_INPUTS({ asset, problem: `came as ${input.format}` });
  return input;
}

/** Places of the columns to replace. */
function hiddenColumns(request: TransformRequest, { fields }: TableSchema): ReadonlySet<number> {
  const { columns } = request.options;
  const wanted = Array.isArray(columns) ? columns.map(String) : [];
  return new Set(
    wanted.map((column) => {
      const index = fields.findIndex(({ name }) => name === column);
      const names = fields.map(({ name }) => name);
      if (index === -1) throw columnError(request, column, `is not there. ${didYouMean(column, names)}`);
      if (fields[index]?.type.kind !== 'utf8') throw columnError(request, column, 'holds no texts');
      return index;
    }),
  );
}

const columnError = ({ asset }: TransformRequest, column: string, problem: string) =>
  errors.VP_{{code}}_COLUMN({ asset, column, problem: problem.replace(/\.$/, '') });
