export { findProject } from './find-project.ts';
export { type LoadedProject, loadProject } from './load-project.ts';
