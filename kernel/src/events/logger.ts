import type { EventInput, JsonObject, Logger, LogLevel } from '@vp/contracts';

const levels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

export interface LoggerInit {
  publish(event: EventInput): void;
  /** Lines below it are dropped; `debug` when left out. */
  readonly level?: LogLevel;
  readonly plugin?: string;
  readonly runId?: string;
  readonly stepId?: string;
  readonly fields?: JsonObject;
}

/** The `vp.logger` service: each line is a `log` event, so it passes the stream's redaction. */
export function createLogger(init: LoggerInit): Logger {
  const { publish, level: least = 'debug', fields: always, ...origin } = init;
  const log = (level: LogLevel) => (message: string, fields?: JsonObject) => {
    if (levels.indexOf(level) < levels.indexOf(least)) return;
    const all = { ...always, ...fields };
    publish({
      type: 'log',
      level,
      message: String(message),
      ...origin,
      ...(Object.keys(all).length === 0 ? {} : { fields: all }),
    });
  };
  return {
    debug: log('debug'),
    info: log('info'),
    warn: log('warn'),
    error: log('error'),
    with: (fields) => createLogger({ ...init, fields: { ...always, ...fields } }),
  };
}
