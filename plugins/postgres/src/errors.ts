import { defineErrors } from '@vp/plugin-sdk';

const where = (p: { readonly server: string }) => p.server;

export const { errors, table: errorTable } = defineErrors({
  VP_POSTGRES_HOST_UNKNOWN: {
    class: 'transient',
    summary: 'The name of the server is not known to the resolver.',
    message: (p: { server: string; host: string }) => `There is no host "${p.host}" (for ${where(p)}).`,
    hint: () => 'Check `host` of the connection, and whether this machine can resolve it.',
  },
  VP_POSTGRES_REFUSED: {
    class: 'transient',
    summary: 'Nothing listens at the address of the server.',
    message: (p: { server: string }) => `${where(p)} refuses the connection.`,
    hint: () => 'Check `host` and `port`, whether the server runs, and listen_addresses in postgresql.conf.',
  },
  VP_POSTGRES_TIMEOUT: {
    class: 'transient',
    summary: 'The server did not answer in time.',
    message: (p: { server: string; ms: number }) => `${where(p)} did not answer within ${p.ms} ms.`,
    hint: () => 'Check firewall and `host`; more time: connect_timeout_ms.',
  },
  VP_POSTGRES_TLS_REQUIRED: {
    class: 'config',
    summary: 'The server takes only encrypted connections.',
    message: (p: { server: string }) => `${where(p)} takes only encrypted connections from here.`,
    hint: () => 'Set tls = "require" (or "verify-full" with `ca`) on the connection.',
  },
  VP_POSTGRES_TLS_UNSUPPORTED: {
    class: 'config',
    summary: 'The connection asks for TLS and the server has none.',
    message: (p: { server: string; tls: string }) =>
      `${where(p)} has no TLS, and the connection asks for tls = "${p.tls}".`,
    hint: () => 'Turn on ssl in postgresql.conf, or set tls = "disable" where the network is trusted.',
  },
  VP_POSTGRES_TLS_UNTRUSTED: {
    class: 'config',
    summary: "The server's certificate is not signed by an authority that is trusted.",
    message: (p: { server: string; reason: string }) =>
      `The certificate of ${where(p)} is not trusted: ${p.reason}.`,
    hint: () => 'Give the authority as `ca` (a PEM file) of the connection.',
  },
  VP_POSTGRES_TLS_NAME: {
    class: 'config',
    summary: "The server's certificate is for another name.",
    message: (p: { server: string; reason: string }) =>
      `The certificate of ${where(p)} is for another name: ${p.reason}.`,
    hint: () => 'Connect by the name in the certificate, or use tls = "verify-ca".',
  },
  VP_POSTGRES_TLS_EXPIRED: {
    class: 'config',
    summary: "The server's certificate has expired.",
    message: (p: { server: string }) => `The certificate of ${where(p)} has expired.`,
    hint: () => 'Renew it on the server.',
  },
  VP_POSTGRES_PASSWORD: {
    class: 'config',
    summary: 'The server does not accept user and password.',
    message: (p: { server: string; user: string }) =>
      `${where(p)} does not accept user "${p.user}" with this password.`,
    hint: () => 'Check `user`, and the secret that `password` refers to.',
  },
  VP_POSTGRES_DATABASE_MISSING: {
    class: 'config',
    summary: 'The server has no database of that name.',
    message: (p: { server: string; database: string }) => `${where(p)} has no database "${p.database}".`,
    hint: () => 'psql -l lists those that there are.',
  },
  VP_POSTGRES_TABLE_MISSING: {
    class: 'data',
    summary: 'The database has no table or view of that name.',
    message: (p: { table: string; suggestion: string }) => `There is no table "${p.table}".${p.suggestion}`,
    hint: () => 'Check schema and spelling: upper and lower case count.',
  },
  VP_POSTGRES_DENIED: {
    class: 'config',
    summary: 'The user may not do that.',
    message: (p: { reason: string; user: string }) => `User "${p.user}": ${p.reason}.`,
    hint: (p) => `An owner runs: grant … to "${p.user}" (for reading: grant select on the table).`,
  },
  VP_POSTGRES_FULL: {
    class: 'transient',
    summary: 'The server takes no more connections.',
    message: (p: { server: string; reason: string }) => `${where(p)} takes no more connections: ${p.reason}.`,
    hint: () => 'Run fewer steps at a time, or raise max_connections.',
  },
  VP_POSTGRES_GONE: {
    class: 'transient',
    summary: 'The connection to the server was lost.',
    message: (p: { server: string; reason: string }) =>
      `The connection to ${where(p)} was lost: ${p.reason}.`,
    hint: () => 'The step is tried again. If it happens often, look into the log of the server.',
  },
  VP_POSTGRES_STATEMENT_TIMEOUT: {
    class: 'transient',
    summary: 'A statement took longer than it may.',
    message: (p: { reason: string }) => `A statement took too long: ${p.reason}.`,
    hint: () => 'More time: statement_timeout_ms of the connection.',
  },
  VP_POSTGRES_LOCKED: {
    class: 'transient',
    summary: 'A lock was not free in time, or two transactions waited for each other.',
    message: (p: { reason: string }) => `A lock stood in the way: ${p.reason}.`,
    hint: () => 'The step is tried again.',
  },
  VP_POSTGRES_READ_ONLY: {
    class: 'config',
    summary: 'The server is a standby, or the connection may only read.',
    message: (p: { reason: string }) => `Nothing can be written: ${p.reason}.`,
    hint: () => 'Connect to the primary.',
  },
  VP_POSTGRES_DISK_FULL: {
    class: 'transient',
    summary: 'The disk of the server is full.',
    message: (p: { server: string; reason: string }) => `${where(p)} has no space left: ${p.reason}.`,
    hint: () => 'Nothing was committed. Make room on the server.',
  },
  VP_POSTGRES_QUERY: {
    class: 'user',
    summary: 'The server refuses a statement.',
    message: (p: { reason: string; state: string }) => `PostgreSQL says: ${p.reason} (SQLSTATE ${p.state}).`,
    hint: () => 'Correct the query or the options of the asset.',
  },
  VP_POSTGRES_DATA: {
    class: 'data',
    summary: 'A value does not fit into its column, or breaks a constraint.',
    message: (p: { reason: string; detail: string }) => `PostgreSQL refuses a row: ${p.reason}.${p.detail}`,
    hint: () => 'Nothing was committed. Correct the data, or the table.',
  },
  VP_POSTGRES_UNEXPECTED: {
    class: 'plugin',
    summary: 'The server said something that the plugin does not know.',
    message: (p: { server: string; reason: string }) => `${where(p)}: ${p.reason}`,
    hint: () => 'Please report it, with the version of the server.',
  },
  VP_POSTGRES_VALUE: {
    class: 'data',
    summary: 'A value has no place in the logical type of its column.',
    message: (p: { column: string; type: string; value: string }) =>
      `Column "${p.column}" holds ${p.value}, which is no ${p.type}.`,
    hint: (p) => `Read the column as text: columns = { ${p.column} = "utf8" } in the options.`,
  },
  VP_POSTGRES_VALUE_REFUSED: {
    class: 'data',
    summary: 'A value cannot be stored by PostgreSQL.',
    message: (p: { column: string; type: string; value: string }) =>
      `Column "${p.column}" (${p.type}) holds ${p.value}, which PostgreSQL cannot store.`,
    hint: () => 'Nothing was committed. Clean the column before it is written.',
  },
  VP_POSTGRES_NO_TYPE: {
    class: 'config',
    summary: 'PostgreSQL has no type for the values of a column.',
    message: (p: { column: string; type: string }) =>
      `PostgreSQL has no type for column "${p.column}" (${p.type}).`,
    hint: () => 'Turn it into columns of its own, or into json, before it is written.',
  },
  VP_POSTGRES_FORMAT: {
    class: 'plugin',
    summary: 'The host hands over data in a format that the sink did not offer.',
    message: (p: { format: string; carrier: string }) =>
      `PostgreSQL cannot load ${p.format} that comes as ${p.carrier}.`,
    hint: () => 'Please report it.',
  },
  VP_POSTGRES_OPTION: {
    class: 'config',
    summary: 'Options of a PostgreSQL source or sink do not go together.',
    message: (p: { problem: string }) => `${p.problem}.`,
    hint: () => 'plugins/postgres documents the options in its README.',
  },
});
