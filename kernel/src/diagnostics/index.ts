export {
  createDiagnostics,
  type Diagnostic,
  type DiagnosticSeverity,
  type Diagnostics,
} from './diagnostics.ts';
