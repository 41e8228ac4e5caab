import { run } from './lib/run.ts';

const { code, output } = await run('biome', ['ci', '--colors=off']);
if (code !== 0) {
  process.stdout.write(output);
  process.exit(1);
}
