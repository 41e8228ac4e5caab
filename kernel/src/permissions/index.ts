export { createPermissionBroker, type PermissionBroker, pluginSecrets } from './broker.ts';
export {
  type CheckGrantsInit,
  checkGrants,
  expand,
  notGranted,
  type WantedPermission,
  withStateFolder,
} from './grants.ts';
