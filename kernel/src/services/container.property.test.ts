import { createServiceRef } from '@vp/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Services } from './container.ts';

/** Random DAGs: service `i` depends on some of the services before it; some are asked for, all at once. */
const dags = fc
  .array(fc.array(fc.nat(30), { maxLength: 4 }), { minLength: 1, maxLength: 25 })
  .map((raw) => raw.map((deps, i) => [...new Set(deps.filter((dep) => dep < i))]));

test('every service is made once, after what it needs, and closed in reverse', async () => {
  await fc.assert(
    fc.asyncProperty(
      dags,
      fc.array(fc.nat(24), { minLength: 1 }),
      fc.func(fc.boolean()),
      async (dag, wanted, isAsync) => {
        const services = new Services();
        const made: number[] = [];
        const closed: number[] = [];
        const refs = dag.map((_, i) => createServiceRef({ id: `s${i}`, major: 1, scope: 'root' }));
        const refOf = (i: number) => {
          const ref = refs[i];
          if (ref === undefined) throw new RangeError(String(i));
          return ref;
        };
        // Declared in reverse, so that no order of registration helps.
        for (const [i, deps] of [...dag.entries()].reverse()) {
          services.provide(`plugin ${i}`, refOf(i), {
            deps: Object.fromEntries(deps.map((dep) => [`d${dep}`, refOf(dep)])),
            create: async (given: Record<string, { readonly number: number }>) => {
              if (isAsync(i)) await new Promise((resolve) => setImmediate(resolve));
              expect(Object.values(given).map((dep) => dep.number)).toEqual(deps);
              made.push(i);
              return { number: i, [Symbol.asyncDispose]: async () => closed.push(i) };
            },
          });
        }
        const asked = wanted.map((each) => each % dag.length);
        await Promise.all(asked.map((i) => services.root.get(refOf(i))));

        const needed = new Set<number>();
        const need = (i: number): void => {
          if (needed.has(i)) return;
          needed.add(i);
          for (const dep of dag[i] ?? []) need(dep);
        };
        for (const each of asked) need(each);
        expect([...made].sort()).toEqual([...needed].sort());
        for (const [at, i] of made.entries()) {
          for (const dep of dag[i] ?? []) expect(made.indexOf(dep)).toBeLessThan(at);
        }
        expect(await services.dispose(1_000)).toEqual([]);
        expect(closed).toEqual(made.toReversed());
      },
    ),
    { numRuns: 60 },
  );
});
