import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './lib/run.ts';

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

const inherit = { inherit: true };

// The last line is what CI reads: counts alone, nothing after them.
function finish({ passed, failed, skipped }: Counts): never {
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  process.exit(failed === 0 ? 0 : 1);
}

async function vitest(): Promise<Counts> {
  const folder = mkdtempSync(join(tmpdir(), 'vp-test-'));
  const file = join(folder, 'report.json');
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
    const { code } = await run('vitest', ['run', ...reporters, ...process.argv.slice(2)], inherit);
    const report = JSON.parse(readFileSync(file, 'utf8'));
    const passed: number = report.numPassedTests;
    const skipped: number = report.numPendingTests + report.numTodoTests;
    // A file that does not load has no tests, and an unhandled error belongs to none: neither may pass.
    const silent = code !== 0 && report.numFailedTests === 0;
    if (passed === 0) console.error('No test passed: a run of zero tests is a failure.');
    return { passed, skipped, failed: report.numFailedTests + (silent || passed === 0 ? 1 : 0) };
  } catch (error) {
    console.error('vitest left no report:', error);
    return { passed: 0, failed: 1, skipped: 0 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const build = await run('node', ['scripts/build.ts'], inherit);
if (build.code !== 0) finish({ passed: 0, failed: 1, skipped: 0 });

const check = await run('node', ['scripts/check.ts'], inherit);
const counts = await vitest();
if (check.code !== 0) console.error('npm run check failed: see its output above the tests.');
finish({ ...counts, failed: counts.failed + (check.code === 0 ? 0 : 1) });
