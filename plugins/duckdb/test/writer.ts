import { createDuckdbEngine } from '../src/engine.ts';

/**
 * A process that commits snapshots of the asset `a` until it is killed: 20,000 rows that all hold the
 * snapshot's number. Prints each number once its commit has returned.
 */
const [project = '.', from = '1'] = process.argv.slice(2);
const engine = createDuckdbEngine({
  config: { threads: 1, memory_limit: '500MB', keep_snapshots: 3, snapshot_grace_minutes: 0.05 },
  paths: { project, state: `${project}/.vp`, resolve: (path) => path },
  clock: { now: () => Date.now(), monotonic: () => performance.now(), sleep: async () => undefined },
});
const silent = { debug() {}, info() {}, warn() {}, error() {}, with: () => silent };
const context = { signal: new AbortController().signal, logger: silent, progress() {} };

for (let version = Number(from); ; version += 1) {
  const text = `SELECT ${version} AS version, range AS i FROM range(20_000)`;
  const query = { sql: { strings: [text], parts: [] }, inputs: {} };
  const staged = await engine.stage({ target: { asset: 'a' }, input: { kind: 'query', query } }, context);
  await staged.commit({
    runId: 'r',
    stepId: 's',
    token: `t${version}`,
    fingerprint: 'f',
    inputs: {},
    state: version,
  });
  process.stdout.write(`${version}\n`);
}
