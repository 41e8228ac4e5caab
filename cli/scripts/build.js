// Bundles the `vp` command: one small entry and one module per command, so that each loads only what it needs.
import { globSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Plugin } from '@oclif/core';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');
const outdir = join(root, 'dist', 'bundle');

const commands = globSync('src/commands/**/*.ts', { cwd: root }).filter((file) => !file.endsWith('.test.ts'));
rmSync(outdir, { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: ['src/main.ts', ...commands],
  outbase: 'src',
  outdir,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  // Loaded when a command needs them: they stand on packages too big to be bundled (arborist, verdaccio, arrow).
  external: ['@vp/installer', '@vp/isolation', '@vp/registry'],
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'linked',
  // Parts of oclif that only its own plugins and Windows Subsystem shells use.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url); const __dirname = import.meta.dirname; const __filename = import.meta.filename;",
  },
  logLevel: 'warning',
});

// What `vp --help` shows and completion knows comes from this file, so that no command is loaded for it.
const plugin = new Plugin({ root, ignoreManifest: true, errorOnManifestCreate: true, isRoot: true });
await plugin.load();
writeFileSync(join(root, 'oclif.manifest.json'), `${JSON.stringify(plugin.manifest)}\n`);
