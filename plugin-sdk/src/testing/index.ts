export * from '../conformance/index.ts';
export { type ConformanceOptions, conformance, conformanceTests } from './conformance.ts';
export {
  alerterConformance,
  authConformance,
  executorConformance,
  sinkConformance,
  sourceConformance,
  transformConformance,
  validatorConformance,
} from './kits.ts';
export { createTestKernel, type InlinePlugin, type TestKernel, type TestKernelInit } from './test-kernel.ts';
export { type TestService, testServiceFactory } from './test-service-factory.ts';
