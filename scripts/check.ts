import { type Packed, pack, runAttw, runPublint } from './lib/packages.ts';
import { type RunResult, run } from './lib/run.ts';
import { sizeReport } from './lib/sizes.ts';

const width = 8;
let failed = false;

/** Runs one gate, prints its line, and its output only when it fails. */
async function gate(name: string, work: () => Promise<RunResult>): Promise<boolean> {
  const start = performance.now();
  const { code, output } = await work().catch((error: unknown) => ({ code: 1, output: String(error) }));
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${code === 0 ? 'ok  ' : 'FAIL'} ${name.padEnd(width)} ${seconds.padStart(5)} s`);
  if (code !== 0) {
    failed = true;
    console.log(output.trimEnd().replace(/^/gm, '  '));
  }
  return code === 0;
}

const types = gate('tsc', () => run('tsc', ['-b', '--pretty', 'false']));

// What is packed is what tsc built, so these two wait for it.
async function publishing() {
  if (!(await types)) return;
  let packed: readonly Packed[] = [];
  let dispose = () => {};
  const done = await gate('pack', async () => {
    ({ packed, dispose } = await pack());
    return { code: 0, output: '' };
  });
  if (done)
    await Promise.all([gate('publint', () => runPublint(packed)), gate('attw', () => runAttw(packed))]);
  dispose();
}

await Promise.all([
  types,
  gate('biome', () => run('biome', ['ci', '--colors=off'])),
  gate('knip', () => run('knip', ['--no-progress', '--no-config-hints'])),
  gate('imports', () => run('node', ['scripts/check-imports.ts'])),
  // Examples import what tsc built.
  types.then((built) => built && gate('examples', () => run('node', ['scripts/check-examples.ts']))),
  publishing(),
]);

console.log(`     sizes    ${sizeReport()}`);
process.exitCode = failed ? 1 : 0;
