import { createDuckdbEngine } from '../src/engine.ts';

/** Does what must not need the native library, and prints what native code is in the process. */
const [project = '.'] = process.argv.slice(2);
const engine = createDuckdbEngine({
  config: {},
  paths: { project, state: `${project}/.vp`, resolve: (path) => path },
  clock: { now: () => Date.now(), monotonic: () => performance.now(), sleep: async () => undefined },
});
const [snapshot] = await engine.snapshots();
const history = await engine.history({ asset: 'a' });
if (snapshot !== undefined) await engine.restore({ asset: 'a' }, snapshot.id);
await engine.relation({ asset: 'a' });
await engine.collectGarbage({ keep: 5 });
const report: { sharedObjects?: readonly string[] } = JSON.parse(JSON.stringify(process.report.getReport()));
process.stdout.write(
  JSON.stringify({
    snapshots: history.length,
    duckdb: report.sharedObjects?.filter((o) => /duckdb/.test(o)),
  }),
);
