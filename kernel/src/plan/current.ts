import {
  type Engine,
  formatPartition,
  type MaterializationRecord,
  points,
  type Snapshot,
  type Store,
} from '@vp/contracts';
import type { PluginHost } from '../host.ts';
import { type PipelineModel, stepIdOf } from './model.ts';

/** What is there now for a step: its newest snapshot, or the record of what it did. */
export interface Current {
  /** Snapshot id, or the id of the run for what keeps no data. */
  readonly version: string;
  readonly fingerprint: string;
  readonly inputs: Readonly<Record<string, string>>;
  /** Hash and parts of the definition that made it, as far as they are known. */
  readonly definition?: string;
  readonly parts?: Readonly<Record<string, string>>;
}

/** Keys of `CommitMeta.metadata` that make a snapshot explain itself when the store is lost. */
export const definitionKey = 'definition';

export function currentOfSnapshot(snapshot: Snapshot, record: MaterializationRecord | undefined): Current {
  const { fingerprint, inputs, metadata } = snapshot.commit;
  const definition = metadata?.[definitionKey];
  const known = record?.fingerprint === fingerprint ? record : undefined;
  return {
    version: snapshot.id,
    fingerprint,
    inputs,
    ...(typeof definition === 'string' ? { definition } : {}),
    ...(known === undefined ? {} : { definition: known.definition, parts: known.definitionParts }),
  };
}

export function currentOfRecord(record: MaterializationRecord): Current {
  const { version, fingerprint, inputs, definition, definitionParts: parts } = record;
  return { version, fingerprint, inputs, definition, parts };
}

const snapshotStepId = (snapshot: Snapshot): string =>
  stepIdOf(
    snapshot.asset,
    snapshot.partition === undefined ? undefined : formatPartition(snapshot.partition),
  );

/** Many names make a long query: then everything is asked for. */
const nameLimit = 500;

/** Newest versions by step id, and the snapshots among them. */
export interface CurrentState {
  readonly current: Map<string, Current>;
  readonly snapshots: Map<string, Snapshot>;
}

/**
 * What is there now for all steps of `assets`. Engines are asked for what they hold, the store for
 * what only it knows.
 */
export async function loadCurrent(init: {
  readonly model: PipelineModel;
  readonly host: PluginHost;
  readonly store: Store;
  readonly assets: readonly string[];
}): Promise<CurrentState> {
  const { model, host, store, assets } = init;
  const records = new Map<string, MaterializationRecord>();
  for (const record of await store.materializations(assets.length > nameLimit ? {} : { assets })) {
    records.set(record.stepId, record);
  }
  const byEngine = new Map<string, string[]>();
  for (const asset of assets) {
    const engine = model.engine(asset);
    if (engine === undefined) continue;
    const names = byEngine.get(engine);
    if (names === undefined) byEngine.set(engine, [asset]);
    else names.push(asset);
  }
  const current = new Map<string, Current>();
  const snapshots = new Map<string, Snapshot>();
  for (const [id, names] of byEngine) {
    const engine: Engine = await host.instance(points.engine, id);
    for (const snapshot of await engine.snapshots(names.length > nameLimit ? undefined : names)) {
      const stepId = snapshotStepId(snapshot);
      snapshots.set(stepId, snapshot);
      current.set(stepId, currentOfSnapshot(snapshot, records.get(stepId)));
    }
  }
  for (const [stepId, record] of records) {
    if (!keepsData(model, record)) current.set(stepId, currentOfRecord(record));
  }
  return { current, snapshots };
}

/** Of what keeps data, the engine is the truth: a record without a snapshot counts for nothing. */
function keepsData(model: PipelineModel, { stepId, asset }: MaterializationRecord): boolean {
  const isPublish = stepId.startsWith('publish:');
  return !isPublish && model.graph.nodes.has(asset) && model.engine(asset) !== undefined;
}
