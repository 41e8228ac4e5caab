import type { ErrorDefinition } from '@vp/contracts';
import { assetErrorTable } from './assets/errors.ts';
import { errorTable as boot } from './boot/errors.ts';
import { errorTable as config } from './config/errors.ts';
import { errorTable as events } from './events/errors.ts';
import { errorTable as hooks } from './hooks/errors.ts';
import { errorTable as integrity } from './integrity/errors.ts';
import { errorTable as isolation } from './isolation/errors.ts';
import { errorTable as jsonSchema } from './json-schema/errors.ts';
import { errorTable as manifest } from './manifest/errors.ts';
import { errorTable as permissions } from './permissions/errors.ts';
import { planErrorTable } from './plan/errors.ts';
import { errorTable as plugins } from './plugins/errors.ts';
import { runErrorTable } from './runs/errors.ts';
import { errorTable as secrets } from './secrets/errors.ts';
import { errorTable as services } from './services/errors.ts';
import { stepErrorTable } from './steps/errors.ts';
import { transferErrorTable } from './transfer/errors.ts';

/** Every error of the kernel, by code: the documentation's error index is generated from it. */
export const errorTable: Readonly<Record<string, ErrorDefinition<never>>> = {
  ...assetErrorTable,
  ...boot,
  ...config,
  ...events,
  ...hooks,
  ...integrity,
  ...isolation,
  ...jsonSchema,
  ...manifest,
  ...permissions,
  ...planErrorTable,
  ...plugins,
  ...runErrorTable,
  ...secrets,
  ...services,
  ...stepErrorTable,
  ...transferErrorTable,
};
