import { realpath } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { isVpError, type Payload } from '@vp/contracts';
import { errors } from '../../errors.ts';
import { CannotCross } from '../../wire/fault.ts';
import { announcePayload } from '../../wire/payload.ts';
import type { GuestProcess } from '../guest-process.ts';
import { isGranted } from '../patterns.ts';
import type { Supervisor } from '../supervisor.ts';

/** A payload of the host's, for the plugin to read. Files must be such as it may read. */
export async function send(
  supervisor: Supervisor,
  guest: GuestProcess,
  payload: Payload,
): Promise<{ readonly [key: string]: unknown }> {
  const { label, patterns, request } = supervisor;
  try {
    if (payload.carrier === 'files' && request.permissions.native !== true) {
      for (const { uri } of payload.files) {
        const path = await realpath(uri.startsWith('file://') ? fileURLToPath(uri) : uri);
        if (!isGranted(patterns, 'read', path)) {
          throw errors.VP_ISOLATION_FILE_UNREADABLE({ plugin: label, path: uri }, { plugin: label });
        }
      }
    }
    return announcePayload(guest.link, payload);
  } catch (error) {
    if (isVpError(error)) throw error;
    if (!(error instanceof CannotCross)) throw error;
    throw errors.VP_ISOLATION_CANNOT_CROSS(
      { plugin: label, what: 'Data', reason: error.message },
      { plugin: label, cause: error },
    );
  }
}
