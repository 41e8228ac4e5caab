export { type RunServices, type ServiceScopeHandle, Services } from './container.ts';
export { DisposalStack } from './disposal-stack.ts';
export { errors } from './errors.ts';
export { bindingOf } from './registry.ts';
export type { ServiceAsker, ServiceBinding } from './service-record.ts';
