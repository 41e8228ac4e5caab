export { bindingOf, type PluginServicesInit, type ServiceScopeHandle, Services } from './container.ts';
export { DisposalStack } from './disposal-stack.ts';
export { errors } from './errors.ts';
export type { AnyServiceFactory, ServiceAsker, ServiceBinding } from './service-record.ts';
