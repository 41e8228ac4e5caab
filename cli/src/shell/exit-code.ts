import { exitCodes, type VpErrorJson } from '@vp/contracts';

const exitCodeOfClass: Readonly<Record<string, number>> = {
  user: exitCodes.usage,
  config: exitCodes.config,
  data: exitCodes.data,
  transient: exitCodes.connection,
  plugin: exitCodes.plugin,
  internal: exitCodes.internal,
};

/** The exit code of an error that stands in a result. */
export const exitCodeOfError = (error: VpErrorJson): number => exitCodeOfClass[error.class] ?? exitCodes.data;
