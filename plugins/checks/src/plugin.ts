import { readFileSync } from 'node:fs';
import { definePlugin, points, type RuleInfo, services } from '@vp/plugin-sdk';
import { createValidator } from './validator.ts';

/** The rules stand in the manifest, where the host reads them without running this plugin. */
function manifestRules(): readonly RuleInfo[] {
  const manifest: { vp: { contributes: { validators: [{ rules: readonly RuleInfo[] }] } } } = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  );
  return manifest.vp.contributes.validators[0].rules;
}

export default definePlugin({
  register(registrar) {
    registrar.contribute(points.validator, 'checks', {
      deps: { clock: services.clock },
      create: ({ deps }) => createValidator({ clock: deps.clock, rules: manifestRules() }),
    });
  },
});
