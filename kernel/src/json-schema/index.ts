export { checkAgainstSchema } from './check.ts';
export { type SchemaFault, schemaFaults } from './faults.ts';
export { jsonPointer } from './pointer.ts';
export { defaultsOf, keysAt, typesAt } from './walk.ts';
