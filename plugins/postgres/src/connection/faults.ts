import { describeThrown, isVpError, type VpError } from '@vp/plugin-sdk';
import { type PostgresConfig, serverOf } from '../config.ts';
import { errors } from '../errors.ts';

/** What the driver and Node put on their errors. */
interface DriverError {
  readonly code?: string;
  readonly message?: string;
  readonly detail?: string;
  readonly where?: string;
}

/** What went wrong, with its own code, whatever the driver calls it. */
export function faultOf(error: unknown, config: PostgresConfig): VpError {
  if (isVpError(error)) return error;
  const {
    code = '',
    message = describeThrown(error),
    detail,
    where,
  }: DriverError = typeof error === 'object' && error !== null ? error : {};
  const server = serverOf(config);
  const cause = { cause: error };
  const reason = message.replace(/\.$/, '');
  return (
    networkFault({ code, reason, config, server, cause }) ??
    stateFault({ code, reason, detail: detailOf(detail, where), config, server, cause })
  );
}

interface Fault {
  readonly code: string;
  readonly reason: string;
  readonly config: PostgresConfig;
  readonly server: string;
  readonly cause: { readonly cause: unknown };
}

function networkFault({ code, reason, config, server, cause }: Fault): VpError | undefined {
  const { host, tls, connect_timeout_ms: ms } = config;
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return errors.VP_POSTGRES_HOST_UNKNOWN({ server, host }, cause);
    case 'ECONNREFUSED':
      return errors.VP_POSTGRES_REFUSED({ server }, cause);
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return errors.VP_POSTGRES_TIMEOUT({ server, ms }, cause);
    case 'ECONNRESET':
    case 'EPIPE':
      return errors.VP_POSTGRES_GONE({ server, reason }, cause);
    case 'CERT_HAS_EXPIRED':
      return errors.VP_POSTGRES_TLS_EXPIRED({ server }, cause);
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return errors.VP_POSTGRES_TLS_NAME({ server, reason }, cause);
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
      return errors.VP_POSTGRES_TLS_UNTRUSTED({ server, reason }, cause);
  }
  if (/does not support SSL/i.test(reason)) return errors.VP_POSTGRES_TLS_UNSUPPORTED({ server, tls }, cause);
  if (/timeout expired/i.test(reason)) return errors.VP_POSTGRES_TIMEOUT({ server, ms }, cause);
  if (/connection terminated|not queryable|connection ended/i.test(reason))
    return errors.VP_POSTGRES_GONE({ server, reason }, cause);
  // Node joins the failures of all addresses of a name.
  return undefined;
}

/** By SQLSTATE, source: PostgreSQL documentation, appendix A. */
function stateFault(fault: Fault & { readonly detail: string }): VpError {
  const { code, reason, detail, config, server, cause } = fault;
  const { user, database } = config;
  switch (code) {
    case '28P01':
      return errors.VP_POSTGRES_PASSWORD({ server, user }, cause);
    case '28000':
      return /no encryption/.test(reason)
        ? errors.VP_POSTGRES_TLS_REQUIRED({ server }, cause)
        : errors.VP_POSTGRES_PASSWORD({ server, user }, cause);
    case '3D000':
      return errors.VP_POSTGRES_DATABASE_MISSING({ server, database }, cause);
    case '42501':
      return errors.VP_POSTGRES_DENIED({ reason, user }, cause);
    case '53300':
    case '53400':
      return errors.VP_POSTGRES_FULL({ server, reason }, cause);
    case '53100':
      return errors.VP_POSTGRES_DISK_FULL({ server, reason }, cause);
    case '57014':
      return errors.VP_POSTGRES_STATEMENT_TIMEOUT({ reason }, cause);
    case '25006':
      return errors.VP_POSTGRES_READ_ONLY({ reason }, cause);
    case '40001':
    case '40P01':
    case '55P03':
      return errors.VP_POSTGRES_LOCKED({ reason }, cause);
  }
  if (/^(08|57P)/.test(code)) return errors.VP_POSTGRES_GONE({ server, reason }, cause);
  if (/^(22|23)/.test(code)) return errors.VP_POSTGRES_DATA({ reason, detail }, cause);
  if (/^[0-9A-Z]{5}$/.test(code)) return errors.VP_POSTGRES_QUERY({ reason, state: code }, cause);
  return errors.VP_POSTGRES_UNEXPECTED({ server, reason }, cause);
}

function detailOf(detail: string | undefined, where: string | undefined): string {
  const parts = [detail, where].filter((part) => part !== undefined && part !== '');
  return parts.length === 0 ? '' : ` ${parts.join(' ')}`;
}
