import type { CheckSpec } from '@vp/contracts';
import { didYouMean } from '@vp/contracts';
import type { ManifestRule } from '@vp/contracts/manifest';
import { rulesOf } from '../contribution-facts.ts';
import type { ContributionInfo, PluginHost } from '../host.ts';
import { errors } from './errors.ts';

/** The validator that evaluates a check, and its rule. */
export interface ResolvedRule {
  readonly validator: ContributionInfo;
  readonly rule: ManifestRule;
}

/** Finds the validator of each check. */
export interface RuleBook {
  /** @throws VpError when no validator, or more than one, has the rule */
  resolve(check: CheckSpec, asset: string): ResolvedRule;
}

export function createRuleBook(host: PluginHost): RuleBook {
  let byRule: Map<string, ResolvedRule[]> | undefined;
  const load = (): Map<string, ResolvedRule[]> => {
    const loaded = new Map<string, ResolvedRule[]>();
    for (const validator of host.contributions('validator')) {
      for (const rule of rulesOf(validator)) {
        loaded.set(rule.id, [...(loaded.get(rule.id) ?? []), { validator, rule }]);
      }
    }
    return loaded;
  };
  return {
    resolve(check, asset) {
      byRule ??= load();
      const context = { at: check.origin };
      const all = byRule.get(check.rule) ?? [];
      const found =
        check.validator === undefined ? all : all.filter((r) => r.validator.id === check.validator);
      if (check.validator !== undefined) host.contribution('validator', check.validator);
      const [first, ...others] = found;
      if (first === undefined) {
        const suggestion = didYouMean(check.rule, byRule.keys());
        throw errors.VP_CHECK_RULE_UNKNOWN(
          { asset, rule: check.rule, suggestion, installed: byRule.size },
          context,
        );
      }
      if (others.length > 0) {
        const validators = found.map((r) => r.validator.id);
        throw errors.VP_CHECK_RULE_AMBIGUOUS({ asset, rule: check.rule, validators }, context);
      }
      return first;
    },
  };
}
