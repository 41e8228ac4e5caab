export { createEventBatcher } from './batcher.ts';
export { recentEvents, writeCrashDump } from './crash-dump.ts';
export { createLogger } from './logger.ts';
export { pick, resultNames } from './names.ts';
export { createEventStream } from './stream.ts';
