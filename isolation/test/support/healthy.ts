import { points } from '@vp/contracts';
import { context, type Started, type StartInit, start } from './start.ts';

/** The plugin that does as it should, and what it is told to. */
export const startSample = (project: string, more: Partial<StartInit> = {}): Promise<Started> =>
  start({
    plugin: 'sample',
    directory: import.meta.dirname,
    entry: './sample.mts',
    project,
    contributes: {
      sources: [{ id: 'sample', contract: 'source@1', formats: ['rows'] }],
      commands: [{ id: 'sample', contract: 'command@1', summary: 'A sample' }],
    },
    ...more,
  });

/** What a healthy isolated source gives: proof that the host still works. */
export async function healthy(project: string): Promise<readonly unknown[]> {
  await using plugin = await startSample(project);
  const source = await plugin.instance(points.source, 'sample');
  const read = await source.read({ options: { batches: 1 }, format: 'rows' }, context());
  const rows: unknown[] = [];
  for (const part of read.parts) {
    if (part.carrier !== 'rows') continue;
    for await (const { columns } of part.batches) rows.push(...Array.from(columns[0] ?? []));
  }
  await read.close();
  return rows;
}
