import { rowRules } from './row-rules.ts';
import type { Rule } from './rule.ts';
import { tableRules } from './table-rules.ts';

/** Every rule by id. Their options and descriptions stand in the manifest (package.json). */
export const rules: Readonly<Record<string, Rule>> = { ...rowRules, ...tableRules };
