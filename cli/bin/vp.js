#!/usr/bin/env node
// Parsed by whatever Node the machine has, so: old syntax, and no import that an old Node lacks.
import module from 'node:module';

const [major, minor] = process.versions.node.split('.').map(Number);

if (major < 24 || (major === 24 && minor < 15)) {
  const { runWithNewerNode } = await import('./newer-node.js');
  await runWithNewerNode('24.15');
} else {
  module.enableCompileCache();
  const word = process.argv.length === 3 ? process.argv[2] : undefined;
  if (word === '--version' || word === '-v') {
    const { readFileSync } = await import('node:fs');
    const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
    process.stdout.write(`vp ${version}\n`);
  } else {
    const { main } = await import('../dist/bundle/main.js');
    await main(process.argv.slice(2));
  }
}
