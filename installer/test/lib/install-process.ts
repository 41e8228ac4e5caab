// An install in a process of its own, for tests that kill it: node install-process.ts <project> <registry> <spec…>
import { join } from 'node:path';
import { installPlugins, npmOptions, registrySource } from '@vp/installer';

const [projectDir = '', registry = '', ...specs] = process.argv.slice(2);
const options = { ...(await npmOptions({ projectDir, registry })), cache: join(projectDir, 'home/cache') };
await installPlugins({ projectDir, specs, source: registrySource({ options }), grant: 'all' });
