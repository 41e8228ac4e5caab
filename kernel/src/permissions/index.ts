export { createPermissionBroker, type PermissionBroker, pluginSecrets } from './broker.ts';
export {
  checkGrants,
  expand,
  notGranted,
  type WantedPermission,
  withStateFolder,
} from './grants.ts';
