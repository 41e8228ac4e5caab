import { realpath } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Payload } from '@vp/contracts';
import { errors } from '../../errors.ts';
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
  if (payload.carrier === 'relation') {
    const reason = 'a relation of an engine does not leave its process';
    throw errors.VP_ISOLATION_CANNOT_CROSS({ plugin: label, what: 'A write', reason }, { plugin: label });
  }
  if (payload.carrier === 'files' && request.permissions.native !== true) {
    for (const { uri } of payload.files) {
      const path = await realpath(uri.startsWith('file://') ? fileURLToPath(uri) : uri);
      if (isGranted(patterns, 'read', path)) continue;
      throw errors.VP_ISOLATION_FILE_UNREADABLE({ plugin: label, path: uri }, { plugin: label });
    }
  }
  return announcePayload(guest.link, payload);
}
