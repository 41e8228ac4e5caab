export type { ConformanceReport } from '@vp/contracts/registry';
export { type FakeClock, fakeClock } from '../testing/fake-clock.ts';
export { type LogLine, type TestContext, testContext } from '../testing/test-context.ts';
export { alerterKit } from './alerter/kit.ts';
export type { AlerterSubject } from './alerter/subject.ts';
export { authKit } from './auth/kit.ts';
export type { AuthCapability, AuthSubject } from './auth/subject.ts';
export type { Decoder, Decoders } from './data/decode.ts';
export {
  type ConformanceDefinition,
  type ConformanceSubjects,
  defineConformance,
  isConformanceDefinition,
  type SubjectEntry,
  type SubjectMaker,
} from './definition/define.ts';
export {
  type ContributionUnderTest,
  type RunDefinitionOptions,
  runDefinition,
} from './definition/run-definition.ts';
export { executorKit } from './executor/kit.ts';
export type { ExecutorSubject } from './executor/subject.ts';
export type { Kit, Law, LawLevel } from './law.ts';
export {
  checkConformance,
  type ReportTarget,
  writeConformance,
} from './report.ts';
export { type ConformanceResult, type LawResult, type RunOptions, runConformance } from './run.ts';
export { sinkKit } from './sink/kit.ts';
export type { Encoder, SinkSubject } from './sink/subject.ts';
export { sinkTable } from './sink/table.ts';
export { sourceKit } from './source/kit.ts';
export type { SourceSubject } from './source/subject.ts';
export { transformKit } from './transform/kit.ts';
export type { TransformCase, TransformSubject } from './transform/subject.ts';
export { validatorKit } from './validator/kit.ts';
export type { ValidatorCase, ValidatorSubject } from './validator/subject.ts';
