export {
  type AssetSpec,
  type Column,
  type Columns,
  type PipelineSpec,
  type PublishSpec,
  t,
  type ValueOf,
} from '@vp/contracts';
export * from './authoring/index.ts';
