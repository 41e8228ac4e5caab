import {
  type CallContext,
  didYouMean,
  type Field,
  type JsonObject,
  points,
  type Sink,
  type SinkFit,
  type SinkTable,
  type Source,
  type TableSchema,
  type TransferPlan,
  type TransferSpec,
} from '@vp/contracts';
import type { PluginHost } from '../host.ts';
import { describePath, negotiate } from '../plan/negotiate.ts';
import { evolving, impossible, planChanges } from './changes.ts';
import { errors } from './errors.ts';
import { mapColumns, refusedLosses } from './mapping.ts';
import { schemaDiff } from './schema-diff.ts';

/** The two ends of a transfer, opened. */
export interface TransferEnds {
  readonly source: Source;
  readonly sink: Sink;
}

export async function openEnds(host: PluginHost, { from, to }: TransferSpec): Promise<TransferEnds> {
  const [source, sink] = await Promise.all([
    host.instance(points.source, from.use, from.connection),
    host.instance(points.sink, to.use, to.connection),
  ]);
  return { source, sink };
}

/**
 * Asks both ends what a transfer would do, and refuses what may not be done. Reads and changes
 * nothing.
 *
 * @throws VpError with all losses, or all changes, that are not allowed
 */
export async function planTransfer(init: {
  readonly ends: TransferEnds;
  readonly spec: TransferSpec;
  readonly context: CallContext;
}): Promise<TransferPlan> {
  const { ends, spec, context } = init;
  const { from, to, mode, name: feed } = spec;
  const place = { ...(spec.partition === undefined ? {} : { partition: spec.partition }), feed };
  const [[stream], table] = await Promise.all([
    ends.source.discover({ options: from.options }, context),
    ends.sink.inspect({ options: to.options, ...place }, context),
  ]);
  if (stream === undefined) {
    const options = JSON.stringify(from.options);
    const suggestion = await nearStream(ends.source, from.options, context);
    throw errors.VP_TRANSFER_STREAM_MISSING({ source: from.use, options, suggestion });
  }
  const { location, exists } = table;
  if (!exists && spec.schema?.table === 'freeze') throw errors.VP_TRANSFER_TABLE_MISSING({ location });
  const keeps = exists && mode !== 'replace';
  const changes =
    keeps && table.schema ? planChanges(schemaDiff(table.schema, stream.schema), spec.schema) : [];
  refuseChanges({ changes, table });
  const schema = withoutDiscarded(stream.schema, changes);
  const fit = await fitOf({ ends, spec, table, schema, context });
  const columns = mapColumns(schema, fit.columns);
  const lossy = refusedLosses(columns, spec.allowLoss ?? []);
  if (lossy.length > 0) throw errors.VP_TRANSFER_LOSSY({ location, columns: lossy });
  const format = negotiate({
    from: from.use,
    offers: stream.formats,
    to: to.use,
    accepts: fit.formats ?? table.formats,
    force: spec.format,
  });
  const state = mode === 'replace' || spec.full === true ? undefined : table.committed?.state;
  const { estimatedRows, estimatedBytes } = stream;
  return {
    spec,
    stream: stream.name,
    location,
    exists,
    format,
    path: describePath(from.use, format, to.use),
    source: schema,
    columns,
    changes,
    ...(state === undefined ? {} : { state }),
    basedOn: table.committed?.token ?? null,
    ...(estimatedRows === undefined ? {} : { estimatedRows }),
    ...(estimatedBytes === undefined ? {} : { estimatedBytes }),
    bounded: stream.bounded,
  };
}

/** The stream that was meant, for sources that can say what they have. */
async function nearStream(source: Source, options: JsonObject, context: CallContext): Promise<string> {
  const streams = await source.discover({}, context);
  const wanted = Object.values(options).filter((value) => typeof value === 'string');
  const names = streams.map(({ name }) => name);
  // Names are written with and without what they lie in: `orders`, `public.orders`.
  const short = names.map((name) => name.slice(name.lastIndexOf('.') + 1));
  return wanted.map((each) => didYouMean(each, [...names, ...short])).find((each) => each !== '') ?? '';
}

function refuseChanges(init: { readonly changes: TransferPlan['changes']; readonly table: SinkTable }): void {
  const { changes, table } = init;
  const { location } = table;
  const frozen = changes.filter(({ action }) => action === 'freeze');
  if (frozen.length > 0) throw errors.VP_TRANSFER_FROZEN({ location, changes: frozen });
  // A value is left out by not reading its column; anything finer looks at every row.
  const unsupported = changes.find(
    ({ action, change }) =>
      action === 'discard_row' ||
      action === 'quarantine' ||
      (action === 'discard_value' && change.kind !== 'column.added'),
  );
  if (unsupported !== undefined) {
    const { action, change } = unsupported;
    throw errors.VP_TRANSFER_ACTION_UNSUPPORTED({ action, changes: [change] });
  }
  const cannot = impossible(changes, table);
  if (cannot.length > 0) throw errors.VP_TRANSFER_CANNOT_EVOLVE({ location, changes: cannot });
}

function withoutDiscarded(schema: TableSchema, changes: TransferPlan['changes']): TableSchema {
  const dropped = new Set(
    changes.flatMap(({ action, change }) =>
      action === 'discard_value' && change.kind === 'column.added' ? [change.column.name] : [],
    ),
  );
  if (dropped.size === 0) return schema;
  return { ...schema, fields: schema.fields.filter(({ name }) => !dropped.has(name)) };
}

/** How the destination would store the columns: as it says, or as it has them after the changes. */
async function fitOf(init: {
  readonly ends: TransferEnds;
  readonly spec: TransferSpec;
  readonly table: SinkTable;
  readonly schema: TableSchema;
  readonly context: CallContext;
}): Promise<SinkFit> {
  const { ends, spec, table, schema, context } = init;
  const { mode, key, to } = spec;
  if (ends.sink.fit !== undefined) {
    const wanted = { options: to.options, schema, mode, ...(key === undefined ? {} : { key }) };
    return ends.sink.fit(wanted, context);
  }
  const keeps = table.exists && mode !== 'replace';
  const there = new Map((keeps ? (table.schema?.fields ?? []) : []).map((field) => [field.name, field]));
  const retyped = new Set(
    evolving(planChanges(schemaDiff(table.schema ?? { fields: [] }, schema), spec.schema)).flatMap(
      (change) => (change.kind === 'column.retyped' ? [change.column] : []),
    ),
  );
  const columns = schema.fields.map((field) => {
    const stored: Field = retyped.has(field.name) ? field : (there.get(field.name) ?? field);
    return { column: field.name, name: stored.name, type: stored.type, native: stored.nativeType ?? '' };
  });
  return { columns };
}
