export type {
  BatchesCode,
  BatchInputs,
  RowResult,
  RowsCode,
  TaskCode,
  TransformCode,
  TransformContext,
  TransformRow,
} from './code.ts';
