import type { AssetSpec, PipelineSpec, Plan } from '@vp/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  createTestProject,
  pipelineOf,
  publishTo,
  sourceAsset,
  sqlAsset,
  task,
} from '../../test/support/project.ts';
import { reach, selectAssets } from '../assets/selection.ts';
import { createPipelineModel, type PipelineModel } from './model.ts';

interface Shape {
  readonly needs: readonly (readonly number[])[];
  readonly kinds: readonly ('sql' | 'task')[];
  readonly order: readonly number[];
}

const name = (i: number): string => `a${i}`;

/** Assets that need some of those before them, in any order of declaration. */
const shapes: fc.Arbitrary<Shape> = fc.integer({ min: 1, max: 12 }).chain((n) =>
  fc.record({
    needs: fc.tuple(
      ...Array.from({ length: n }, (_, i) =>
        fc.uniqueArray(fc.nat(Math.max(0, i - 1)), { maxLength: i === 0 ? 0 : 3 }),
      ),
    ),
    kinds: fc.array(fc.constantFrom('sql' as const, 'task' as const), { minLength: n, maxLength: n }),
    order: fc.shuffledSubarray(
      Array.from({ length: n }, (_, i) => i),
      { minLength: n },
    ),
  }),
);

function toPipeline(
  { needs, kinds, order }: Shape,
  edit: (spec: AssetSpec) => AssetSpec = (spec) => spec,
): PipelineSpec {
  const isTask = (i: number): boolean => kinds[i] === 'task' && i > 0;
  const assets = order.map((i): AssetSpec => {
    if (i === 0) return sourceAsset(name(0), 't');
    const inputs = (needs[i] ?? []).map(name);
    const readable = (needs[i] ?? []).filter((n) => !isTask(n)).map(name);
    if (isTask(i)) return task(name(i), inputs);
    const selects = readable.map((r) => `select x from {${r}}`);
    return sqlAsset(name(i), readable, selects.length === 0 ? 'select 1 as x' : selects.join(' union all '));
  });
  return pipelineOf(assets.map(edit), [publishTo(name(0), 'out')]);
}

const deployment = () => createTestProject({ tables: { t: [{ x: 1n }] } });
const toRun = (plan: Plan): readonly string[] =>
  plan.steps.filter((s) => s.action === 'run').map((s) => s.id);

describe('any plan', () => {
  test('is topological, deterministic, and holds each step once', () =>
    fc.assert(
      fc.asyncProperty(shapes, async (shape) => {
        const project = deployment();
        const plan = await project.plan(toPipeline(shape));
        const position = new Map(plan.steps.map((step, index) => [step.id, index]));
        expect(position.size).toBe(plan.steps.length);
        for (const [index, step] of plan.steps.entries()) {
          for (const id of step.dependsOn) expect(position.get(id)).toBeLessThan(index);
        }
        const again = await deployment().plan(toPipeline(shape));
        expect(again.steps).toEqual(plan.steps);
      }),
      { numRuns: 60 },
    ));

  test('is all fresh after a run that succeeded', () =>
    fc.assert(
      fc.asyncProperty(shapes, async (shape) => {
        const project = deployment();
        const { run } = await project.run(toPipeline(shape));
        expect(run.status).toBe('succeeded');
        expect(toRun(await project.plan(toPipeline(shape)))).toEqual([]);
      }),
      { numRuns: 40 },
    ));

  test('of a change runs exactly the changed asset and what is downstream of it', () =>
    fc.assert(
      fc.asyncProperty(shapes, fc.nat(), async (shape, pick) => {
        const project = deployment();
        await project.run(toPipeline(shape));
        const changed = name(pick % shape.needs.length);
        const edited = toPipeline(shape, (spec) =>
          spec.name === changed ? { ...spec, codeVersion: '2' } : spec,
        );
        const model = createPipelineModel({ pipeline: edited, host: project.host, now: 0 });
        const closure = reach([changed], (n) => model.graph.nodes.get(n)?.downstream ?? []);
        const plan = await project.plan(edited);
        const assets = plan.steps
          .filter((s) => s.action === 'run' && s.kind === 'materialize')
          .map((s) => s.asset);
        expect(new Set(assets)).toEqual(closure);
        const publishes = plan.steps.filter((s) => s.action === 'run' && s.kind === 'publish');
        expect(publishes).toHaveLength(changed === name(0) ? 1 : 0);
        expect(plan.steps.find((s) => s.asset === changed)?.reason).toMatchObject({
          code: 'changed',
          changes: ['code'],
        });
      }),
      { numRuns: 40 },
    ));
});

describe('any selection', () => {
  const law = (check: (model: PipelineModel, pick: string, other: string) => void) =>
    fc.assert(
      fc.property(shapes, fc.nat(), fc.nat(), (shape, a, b) => {
        const model = createPipelineModel({ pipeline: toPipeline(shape), host: deployment().host, now: 0 });
        const n = shape.needs.length;
        check(model, name(a % n), name(b % n));
      }),
      { numRuns: 100 },
    );
  const of = (model: PipelineModel, ...select: string[]): ReadonlySet<string> =>
    new Set(selectAssets(model.graph, { select }));

  test('+a+ is +a and a+, a+ is all 1+..n+ steps, words add up in any order', () =>
    law((model, a, b) => {
      expect(of(model, `+${a}+`)).toEqual(of(model, `+${a}`, `${a}+`));
      expect(of(model, `${a}+20`)).toEqual(of(model, `${a}+`));
      expect(of(model, `0+${a}`)).toEqual(of(model, a));
      expect(of(model, a, b)).toEqual(of(model, `${b} ${a}`));
      expect(of(model, '*')).toEqual(new Set(model.graph.nodes.keys()));
    }));

  test('b is upstream of a exactly when a is downstream of b', () =>
    law((model, a, b) => {
      expect(of(model, `+${a}`).has(b)).toBe(of(model, `${b}+`).has(a));
    }));

  test('an exclusion removes what it means and nothing else', () =>
    law((model, a, b) => {
      const kept = [...of(model, `${a}+`)].filter((n) => !of(model, `+${b}`).has(n));
      const select = () => selectAssets(model.graph, { select: [`${a}+`], exclude: [`+${b}`] });
      if (kept.length === 0) expect(select).toThrow(expect.objectContaining({ code: 'VP_SELECTION_EMPTY' }));
      else expect(new Set(select())).toEqual(new Set(kept));
    }));
});
