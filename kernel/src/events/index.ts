export { createEventBatcher, type EventBatcher, type EventBatcherInit } from './batcher.ts';
export { type CrashDumpInit, recentEvents, writeCrashDump } from './crash-dump.ts';
export { errorTable as eventsErrorTable } from './errors.ts';
export { createLogger, type LoggerInit } from './logger.ts';
export { createEventStream, type EventStreamInit } from './stream.ts';
