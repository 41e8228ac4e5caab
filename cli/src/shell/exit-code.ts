import { exitCodeOfClass, exitCodes, type VpErrorJson } from '@vp/contracts';

/** The exit code of an error that stands in a result; of a class that a later version knows, that of a failure. */
export const exitCodeOfError = (error: VpErrorJson): number => exitCodeOfClass[error.class] ?? exitCodes.data;
