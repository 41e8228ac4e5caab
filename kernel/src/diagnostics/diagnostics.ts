import type { VpError, VpErrorJson } from '@vp/contracts';
import type { Redactor } from '../secrets/index.ts';

export type DiagnosticSeverity = 'error' | 'warning';

/** Something that is wrong with the deployment and was noticed while nobody asked. */
export type Diagnostic = VpErrorJson & { readonly severity: DiagnosticSeverity };

/** Collected while the kernel boots and runs; shown at boot and by `vp doctor`. */
export interface Diagnostics {
  error(error: VpError): void;
  warn(error: VpError): void;
  /** Errors first, each in the order of their coming; the same finding only once. */
  all(): readonly Diagnostic[];
  readonly hasErrors: boolean;
}

export function createDiagnostics(init: { readonly redactor: Redactor }): Diagnostics {
  const found = new Map<string, Diagnostic>();
  const add = (severity: DiagnosticSeverity, error: VpError) => {
    const diagnostic = { ...redacted(error.toJSON(), init.redactor), severity };
    const { code, message, plugin, at } = diagnostic;
    const key = JSON.stringify([severity, code, message, plugin, at]);
    if (!found.has(key)) found.set(key, diagnostic);
  };
  const of = (severity: DiagnosticSeverity) =>
    [...found.values()].filter((each) => each.severity === severity);
  return {
    error: (error) => add('error', error),
    warn: (error) => add('warning', error),
    all: () => [...of('error'), ...of('warning')],
    get hasErrors() {
      return of('error').length > 0;
    },
  };
}

function redacted(error: VpErrorJson, redactor: Redactor): VpErrorJson {
  const { at, class: kind, code, docs, ...texts } = error;
  return { ...redactor.sameShape(texts), code, class: kind, docs, ...(at === undefined ? {} : { at }) };
}
