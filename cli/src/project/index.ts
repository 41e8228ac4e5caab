export { table as projectErrorTable } from './errors.ts';
export { findProject, type Project } from './find-project.ts';
export { type LoadedPipeline, type LoadPipelineRequest, loadPipeline } from './load-pipeline.ts';
export { type LoadedProject, type LoadProjectRequest, loadProject } from './load-project.ts';
export { parseToml } from './toml.ts';
