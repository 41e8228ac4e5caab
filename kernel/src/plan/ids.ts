import { randomBytes } from 'node:crypto';

/** An id that sorts by time and reads as one: `20261124-003617-k3f9`. */
export function createId(now: number): string {
  const [date = '', time = ''] = new Date(now).toISOString().slice(0, 19).split('T');
  const random = randomBytes(4).readUInt32BE().toString(36).padStart(7, '0').slice(-5);
  return `${date.replaceAll('-', '')}-${time.replaceAll(':', '')}-${random}`;
}
