export { createDiagnostics, type Diagnostic, type Diagnostics } from './diagnostics.ts';
