import fc from 'fast-check';
import semver from 'semver';
import { expect, test } from 'vitest';
import { type Candidate, conflictInWords, solveVersions, type Wish } from './version-solver.ts';

const candidate = (name: string, version: string, requires: Record<string, string> = {}): Candidate => ({
  name,
  version,
  requires,
});
const catalogue = (...all: readonly Candidate[]) => Map.groupBy(all, (each) => each.name);
const wish = (name: string, range: string): Wish => ({ name, range, by: 'vp.toml' });

function solve(wishes: readonly Wish[], available: ReadonlyMap<string, readonly Candidate[]>) {
  const solution = solveVersions({ wishes, available });
  return solution.ok
    ? [...solution.chosen.values()].map((each) => `${each.name}@${each.version}`).sort()
    : conflictInWords(solution.conflict, available);
}

test('the newest version that everybody accepts, also when that means an older one of another plugin', () => {
  const all = catalogue(
    candidate('app', '2.0.0', { base: '^2.0.0' }),
    candidate('app', '1.5.0', { base: '^1.0.0' }),
    candidate('base', '1.9.0'),
    candidate('base', '1.2.0'),
  );
  expect(solve([wish('app', '*'), wish('base', '^1.0.0')], all)).toEqual(['app@1.5.0', 'base@1.9.0']);
});

test('a conflict is told in its smallest form: bystanders are not named', () => {
  const all = catalogue(
    candidate('app', '1.0.0', { base: '^2.0.0', extra: '^1.0.0' }),
    candidate('tool', '3.1.0', { base: '^1.0.0' }),
    candidate('base', '1.0.0'),
    candidate('base', '2.0.0'),
    candidate('extra', '1.0.0'),
    candidate('bystander', '1.0.0', { extra: '*' }),
  );
  const wishes = ['app', 'tool', 'bystander', 'extra'].map((name) => wish(name, '*'));
  expect(solve(wishes, all)).toEqual([
    'vp.toml wants app *',
    'vp.toml wants tool *',
    'app 1.0.0 wants base ^2.0.0',
    'tool 3.1.0 wants base ^1.0.0',
    'app is there as 1.0.0',
    'tool is there as 3.1.0',
    'base is there as 1.0.0, 2.0.0',
  ]);
});

test('a plugin that is not there', () => {
  expect(solve([wish('app', '^1.0.0')], catalogue(candidate('app', '1.0.0', { gone: '*' })))).toEqual([
    'vp.toml wants app ^1.0.0',
    'app 1.0.0 wants gone *',
    'app is there as 1.0.0',
    'gone is not among the plugins in use',
  ]);
});

const names = ['a', 'b', 'c', 'd'];
const ranges = fc.constantFrom('*', '^1.0.0', '^2.0.0', '>=1.1.0', '<2.0.0');
const candidates = fc.array(
  fc.record({
    name: fc.constantFrom(...names),
    version: fc.constantFrom('1.0.0', '1.1.0', '2.0.0'),
    requires: fc.dictionary(fc.constantFrom(...names), ranges, { maxKeys: 2 }),
  }),
  { maxLength: 8 },
);
const wishes = fc.array(fc.record({ name: fc.constantFrom(...names), range: ranges, by: fc.constant('x') }), {
  maxLength: 4,
});

test('a solution satisfies everybody; a conflict is one, and no part of it is', () => {
  fc.assert(
    fc.property(candidates, wishes, (list, wanted) => {
      const available = catalogue(
        ...new Map(list.map((each) => [`${each.name}@${each.version}`, each])).values(),
      );
      const solution = solveVersions({ wishes: wanted, available });
      if (solution.ok) {
        const needs = [
          ...wanted,
          ...[...solution.chosen.values()].flatMap((each) =>
            Object.entries(each.requires).map(([name, range]) => ({ name, range })),
          ),
        ];
        for (const { name, range } of needs) {
          expect(semver.satisfies(solution.chosen.get(name)?.version ?? '', range)).toBe(true);
        }
        return;
      }
      const still = (facts: typeof solution.conflict) => {
        // The facts of the conflict alone: everything else that candidates require is forgotten.
        const bare = new Map(
          [...available].map(([name, all]) => [
            name,
            all.map((each) => ({
              ...each,
              requires: Object.fromEntries(
                facts.filter((fact) => fact.of === each).map((fact) => [fact.name, fact.range]),
              ),
            })),
          ]),
        );
        return !solveVersions({ wishes: facts.filter((fact) => fact.of === undefined), available: bare }).ok;
      };
      expect(still(solution.conflict)).toBe(true);
      for (const fact of solution.conflict) {
        expect(still(solution.conflict.filter((other) => other !== fact))).toBe(false);
      }
    }),
    { numRuns: 300 },
  );
});
