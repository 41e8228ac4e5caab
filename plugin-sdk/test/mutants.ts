import { describe, expect, test } from 'vitest';
import type { Kit } from '../src/conformance/index.ts';
import type { Disposable } from '../src/conformance/law.ts';
import { runConformance, runLaw } from '../src/conformance/run.ts';

/** A fault, and the laws that must find it (others may, too). */
export type Mutants = Readonly<Record<string, readonly string[]>>;

/** Proves a kit: a right implementation keeps every law, and each law finds a fault that is its own. */
export function proveKit<Subject extends Disposable>(proof: {
  readonly kit: Kit<Subject>;
  readonly create: (fault?: string) => Subject | Promise<Subject>;
  readonly mutants: Mutants;
  /** Laws whose fault stands in `kit-faults.test.ts` or among the seeded bugs. */
  readonly elsewhere?: readonly string[];
  /** Laws that do not apply to the right implementation; another test shows that they can be kept. */
  readonly inapplicable?: readonly string[];
}): void {
  const { kit, create, mutants } = proof;

  describe(`${kit.contract} kit`, () => {
    test('a right implementation keeps every law, and every law applies to it', async () => {
      const { laws } = await runConformance(kit, { create: () => create(), timeoutMs: 5_000 });
      expect(laws.filter((law) => law.outcome === 'failed').map((law) => law.error?.message)).toEqual([]);
      expect(laws.filter((law) => law.outcome === 'exempt').map((law) => law.id)).toEqual(
        proof.inapplicable ?? [],
      );
    });

    test('ids are unique and every law has a fault that it finds', () => {
      const ids = kit.laws.map((law) => law.id);
      expect(new Set(ids).size).toBe(ids.length);
      const proved = new Set([...Object.values(mutants).flat(), ...(proof.elsewhere ?? [])]);
      expect(ids.filter((id) => !proved.has(id))).toEqual([]);
      expect([...proved].filter((id) => !ids.includes(id))).toEqual([]);
    });

    for (const [fault, laws] of Object.entries(mutants)) {
      test(`${laws.join(', ')} finds: ${fault}`, async () => {
        for (const law of kit.laws.filter(({ id }) => laws.includes(id))) {
          const result = await runLaw(law, { create: () => create(fault), timeoutMs: 3_000 });
          expect([law.id, result.outcome, result.reason]).toEqual([law.id, 'failed', undefined]);
        }
      });
    }
  });
}
