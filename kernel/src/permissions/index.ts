export { createPermissionBroker, type PermissionBroker, pluginSecrets } from './broker.ts';
export { checkGrants, notGranted } from './grants.ts';
