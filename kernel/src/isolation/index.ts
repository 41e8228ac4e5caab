export { createAudit } from './audit.ts';
export { createIsolation, type Isolation } from './isolation.ts';
