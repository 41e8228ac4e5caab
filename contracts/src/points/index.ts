import { alerterPoint } from './alerter.ts';
import { authPoint } from './auth.ts';
import { commandPoint } from './command.ts';
import { enginePoint } from './engine.ts';
import { executorPoint } from './executor.ts';
import { sinkPoint } from './sink.ts';
import { sourcePoint } from './source.ts';
import { storePoint } from './store.ts';
import { transformPoint } from './transform.ts';
import { validatorPoint } from './validator.ts';

/** The extension points that VibePiper itself defines. */
export const points = {
  source: sourcePoint,
  sink: sinkPoint,
  transform: transformPoint,
  validator: validatorPoint,
  alerter: alerterPoint,
  auth: authPoint,
  executor: executorPoint,
  engine: enginePoint,
  store: storePoint,
  command: commandPoint,
} as const;
