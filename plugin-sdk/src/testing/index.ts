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
export { createTestKernel, type InlinePlugin, type TestKernel, type TestKernelInit } from './test-kernel.ts';
export { type TestService, testServiceFactory } from './test-service-factory.ts';
