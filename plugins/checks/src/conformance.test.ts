import { readFileSync } from 'node:fs';
import type { CheckSpec, JsonObject, RuleInfo } from '@vp/plugin-sdk';
import { fakeClock, validatorConformance } from '@vp/plugin-sdk/testing';
import { duckdbTarget } from '../test/duckdb-target.ts';
import { createValidator } from './validator.ts';

const manifest: { vp: { contributes: { validators: [{ rules: readonly RuleInfo[] }] } } } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
);
const { rules } = manifest.vp.contributes.validators[0];

const select = `SELECT * FROM (VALUES
  (1, 'ada@example.org',   9007199254740993::BIGINT),
  (2, NULL,                2::BIGINT),
  (2, 'grace-example.org', 3::BIGINT),
  (4, NULL,                NULL)) t(id, email, big)`;

function check(rule: string, columns: readonly string[], options: JsonObject = {}): CheckSpec {
  return { name: `${rule}(${columns})`, rule, columns, options, severity: 'error' };
}

validatorConformance({
  id: 'checks',
  from: import.meta.dirname,
  create: async () => {
    const target = await duckdbTarget({ select });
    return {
      open: () => createValidator({ clock: fakeClock(), rules }),
      target: () => target,
      cases: [
        { check: check('not_null', ['id']), status: 'passed', failures: 0, rows: 4 },
        { check: check('not_null', ['email']), status: 'failed', failures: 2, rows: 4 },
        { check: check('not_null', ['big']), status: 'failed', failures: 1 },
        { check: check('unique', ['id']), status: 'failed' },
        { check: check('row_count', [], { min: 1 }), status: 'passed' },
      ],
      dispose: async () => target[Symbol.dispose](),
    };
  },
});
