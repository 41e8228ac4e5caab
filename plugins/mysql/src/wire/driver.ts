import type { Socket } from 'node:net';
import type { Connection } from 'mysql2';

/** A message of the server, as the driver's parser hands it over: `start` is its header, `offset` its content. */
export interface Packet {
  readonly buffer: Buffer;
  readonly start: number;
  readonly offset: number;
  readonly end: number;
  isError(): boolean;
  isEOF(): boolean;
  asError(encoding: string): Error;
}

/**
 * What the driver has and does not declare. Its own result reader makes an object of every row, and its own
 * LOCAL INFILE cannot wait or fail; commands of ours are put into its queue instead.
 */
export interface Wire extends Connection {
  readonly stream: Socket;
  sequenceId: number;
  addCommand(command: Command): void;
}

/** A command in the driver's queue. `execute` is called with no packet first; `true` says that it is over. */
export interface Command {
  execute(packet: Packet | undefined, wire: Wire): boolean;
  /** Called by the driver when the connection is lost under it. */
  onResult(error: unknown): void;
}

/** Sends a statement. Header of a packet: three bytes of length, one of its number. */
export function sendQuery(wire: Wire, sql: string, attributes: boolean): void {
  const text = Buffer.from(sql);
  // With query attributes negotiated: no parameters, one set.
  const head = attributes ? Buffer.from([0x03, 0, 1]) : Buffer.from([0x03]);
  sendPacket(wire, Buffer.concat([head, text]), 0);
}

/** Most bytes of one packet; a full one is followed by another. */
const maxPacket = 0xffffff;

export function sendPacket(wire: Wire, content: Uint8Array, sequence: number): boolean {
  let number = sequence;
  let isFlowing = true;
  for (let from = 0; from <= content.length; from += maxPacket) {
    const part = content.subarray(from, from + maxPacket);
    const header = Buffer.alloc(4);
    header.writeUIntLE(part.length, 0, 3);
    header[3] = number;
    number = (number + 1) % 256;
    wire.stream.cork();
    wire.stream.write(header);
    isFlowing = part.length === 0 ? true : wire.stream.write(part);
    wire.stream.uncork();
    if (part.length < maxPacket) break;
  }
  wire.sequenceId = number;
  return isFlowing;
}
