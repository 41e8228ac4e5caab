export { type AdminTarget, administer } from './admin/administer.ts';
export type { OperationInput, OperationName, OperationResult } from './admin/operations.ts';
export { type RestoreSummary, restoreBackup } from './backup/restore.ts';
export type { Catalogue, PublishedPackage, PublishedVersion } from './catalogue.ts';
export type { RegistrySettings } from './config/schema.ts';
export { errorTable } from './errors.ts';
export type { Caller, MakeRoutes, Role, Route, RouteAnswer, RouteContext, RouteRequest } from './routes.ts';
export { type RunningRegistry, type StartInit, startRegistry } from './start.ts';
