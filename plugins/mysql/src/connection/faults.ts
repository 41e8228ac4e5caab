import { describeThrown, isVpError, type VpError } from '@vp/plugin-sdk';
import { type MysqlConfig, serverOf } from '../config.ts';
import { errors } from '../errors.ts';

/** What the driver and Node put on their errors. */
interface DriverError {
  readonly code?: string;
  readonly errno?: number;
  readonly sqlState?: string;
  readonly message?: string;
}

/** What went wrong, with its own code, whatever the driver calls it. */
export function faultOf(error: unknown, config: MysqlConfig): VpError {
  if (isVpError(error)) return error;
  const {
    code = '',
    errno = 0,
    sqlState = '',
    message = describeThrown(error),
  }: DriverError = typeof error === 'object' && error !== null ? error : {};
  const server = serverOf(config);
  const cause = { cause: error };
  const reason = message.replace(/\.$/, '');
  const fault = { code, errno, sqlState, reason, config, server, cause };
  return (sqlState === '' ? networkFault(fault) : undefined) ?? serverFault(fault);
}

interface Fault {
  readonly code: string;
  readonly errno: number;
  readonly sqlState: string;
  readonly reason: string;
  readonly config: MysqlConfig;
  readonly server: string;
  readonly cause: { readonly cause: unknown };
}

function networkFault({ code, reason, config, server, cause }: Fault): VpError | undefined {
  const { host, tls, connect_timeout_ms: ms } = config;
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return errors.VP_MYSQL_HOST_UNKNOWN({ server, host }, cause);
    case 'ECONNREFUSED':
      return errors.VP_MYSQL_REFUSED({ server }, cause);
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return errors.VP_MYSQL_TIMEOUT({ server, ms }, cause);
    case 'HANDSHAKE_NO_SSL_SUPPORT':
      return errors.VP_MYSQL_TLS_UNSUPPORTED({ server, tls }, cause);
    case 'ECONNRESET':
    case 'EPIPE':
    case 'PROTOCOL_CONNECTION_LOST':
    case 'ERR_STREAM_DESTROYED':
    case 'ERR_STREAM_WRITE_AFTER_END':
      return errors.VP_MYSQL_GONE({ server, reason }, cause);
  }
  // The driver puts a code of its own in place of Node's.
  if (/certificate has expired/i.test(reason)) return errors.VP_MYSQL_TLS_EXPIRED({ server }, cause);
  if (/altnames|is not in the cert/i.test(reason)) return errors.VP_MYSQL_TLS_NAME({ server, reason }, cause);
  if (/certificate/i.test(reason)) return errors.VP_MYSQL_TLS_UNTRUSTED({ server, reason }, cause);
  return /closed state|connection lost/i.test(reason)
    ? errors.VP_MYSQL_GONE({ server, reason }, cause)
    : undefined;
}

/** By number, source: MySQL and MariaDB error references. */
function serverFault(fault: Fault): VpError {
  const { errno, sqlState, reason, config, server, cause } = fault;
  const { user, database } = config;
  switch (errno) {
    case 1045:
    case 1698:
    case 1862:
      return errors.VP_MYSQL_PASSWORD({ server, user }, cause);
    case 1049:
      return errors.VP_MYSQL_DATABASE_MISSING({ server, database }, cause);
    case 1146:
      return errors.VP_MYSQL_TABLE_MISSING({ table: missingTable(reason), suggestion: '' }, cause);
    case 1044:
    case 1129:
    case 1130:
    case 1142:
    case 1143:
    case 1227:
    case 1370:
      return errors.VP_MYSQL_DENIED({ reason, user }, cause);
    case 1040:
    case 1203:
    case 1226:
      return errors.VP_MYSQL_FULL({ server, reason }, cause);
    case 1053:
    case 1077:
    case 1152:
    case 1158:
    case 1159:
    case 1160:
    case 1161:
    case 1317:
    case 1927:
    case 4031:
      return errors.VP_MYSQL_GONE({ server, reason }, cause);
    case 1969:
    case 3024:
      return errors.VP_MYSQL_STATEMENT_TIMEOUT({ reason }, cause);
    case 1205:
    case 1213:
    case 3058:
    case 3572:
      return errors.VP_MYSQL_LOCKED({ reason }, cause);
    case 1290:
    case 1792:
    case 1836:
      return /read.only/i.test(reason)
        ? errors.VP_MYSQL_READ_ONLY({ reason }, cause)
        : errors.VP_MYSQL_QUERY({ reason, state: sqlState }, cause);
    case 1148:
    case 3948:
    case 4166:
      return errors.VP_MYSQL_LOCAL_INFILE({ server, reason }, cause);
    case 1021:
    case 1114:
      return errors.VP_MYSQL_DISK_FULL({ server, reason }, cause);
    case 1062:
    case 1300:
    case 1366:
    case 1364:
    case 1292:
    case 3819:
    case 4025:
      return errors.VP_MYSQL_DATA({ reason, detail: '' }, cause);
  }
  if (/insecure transport/i.test(reason)) return errors.VP_MYSQL_TLS_REQUIRED({ server }, cause);
  if (/No space left|Errcode: 28\b/i.test(reason))
    return errors.VP_MYSQL_DISK_FULL({ server, reason }, cause);
  if (/^(22|23)/.test(sqlState)) return errors.VP_MYSQL_DATA({ reason, detail: '' }, cause);
  if (/^[0-9A-Z]{5}$/.test(sqlState)) return errors.VP_MYSQL_QUERY({ reason, state: sqlState }, cause);
  return errors.VP_MYSQL_UNEXPECTED({ server, reason }, cause);
}

/** `Table 'shop.orders' doesn't exist` */
const missingTable = (reason: string): string => /'(.+)' doesn't/.exec(reason)?.[1] ?? reason;
