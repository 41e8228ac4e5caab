export * from '../conformance/index.ts';
export { type ConformanceOptions, conformance } from './conformance.ts';
export { type FakeClock, fakeClock } from './fake-clock.ts';
export {
  alerterConformance,
  authConformance,
  executorConformance,
  sinkConformance,
  sourceConformance,
  transformConformance,
  validatorConformance,
} from './kits.ts';
export { type LogLine, type TestContext, testContext } from './test-context.ts';
