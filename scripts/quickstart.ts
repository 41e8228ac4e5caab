/** `npm run quickstart`: makes the quickstart project in `quickstart/`, anew each time, and runs it. */
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { makeQuickstartProject } from './lib/quickstart-project.ts';

const root = dirname(import.meta.dirname);
const project = join(root, 'quickstart');

makeQuickstartProject(project);
console.log('The project is in quickstart/: vp.toml, pipeline.ts, assets/, data/. Running it: vp run\n');
const vp = join(root, 'cli', 'bin', 'vp.js');
const { status } = spawnSync(process.execPath, [vp, 'run'], { cwd: project, stdio: 'inherit' });
if (status === 0) console.log('\n  First cd quickstart, then npx vp … as above.');
process.exitCode = status ?? 1;
