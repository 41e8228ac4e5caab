export {
  createPermissionBroker,
  type PermissionBroker,
  type PermissionBrokerInit,
  pluginSecrets,
} from './broker.ts';
export { errorTable as permissionsErrorTable } from './errors.ts';
export { type CheckGrantsInit, checkGrants, notGranted, type WantedPermission } from './grants.ts';
export { covers, type PatternKind } from './patterns.ts';
