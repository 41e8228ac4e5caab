import { defineErrors } from '@vp/plugin-sdk';

const where = (p: { readonly server: string }) => p.server;

export const { errors, table: errorTable } = defineErrors({
  VP_MYSQL_HOST_UNKNOWN: {
    class: 'transient',
    summary: 'The name of the server is not known to the resolver.',
    message: (p: { server: string; host: string }) => `There is no host "${p.host}" (for ${where(p)}).`,
    hint: () => 'Check `host` of the connection, and whether this machine can resolve it.',
  },
  VP_MYSQL_REFUSED: {
    class: 'transient',
    summary: 'Nothing listens at the address of the server.',
    message: (p: { server: string }) => `${where(p)} refuses the connection.`,
    hint: () => 'Check `host` and `port`, whether the server runs, and bind-address in my.cnf.',
  },
  VP_MYSQL_TIMEOUT: {
    class: 'transient',
    summary: 'The server did not answer in time.',
    message: (p: { server: string; ms: number }) => `${where(p)} did not answer within ${p.ms} ms.`,
    hint: () => 'Check firewall and `host`; more time: connect_timeout_ms.',
  },
  VP_MYSQL_TLS_REQUIRED: {
    class: 'config',
    summary: 'The server takes only encrypted connections.',
    message: (p: { server: string }) => `${where(p)} takes only encrypted connections from here.`,
    hint: () => 'Set tls = "require" (or "verify-full" with `ca`) on the connection.',
  },
  VP_MYSQL_TLS_UNSUPPORTED: {
    class: 'config',
    summary: 'The connection asks for TLS and the server has none.',
    message: (p: { server: string; tls: string }) =>
      `${where(p)} has no TLS, and the connection asks for tls = "${p.tls}".`,
    hint: () =>
      'Give the server a certificate (ssl_cert, ssl_key), or set tls = "disable" where the network is trusted.',
  },
  VP_MYSQL_TLS_UNTRUSTED: {
    class: 'config',
    summary: "The server's certificate is not signed by an authority that is trusted.",
    message: (p: { server: string; reason: string }) =>
      `The certificate of ${where(p)} is not trusted: ${p.reason}.`,
    hint: () => 'Give the authority as `ca` (a PEM file) of the connection.',
  },
  VP_MYSQL_TLS_NAME: {
    class: 'config',
    summary: "The server's certificate is for another name.",
    message: (p: { server: string; reason: string }) =>
      `The certificate of ${where(p)} is for another name: ${p.reason}.`,
    hint: () => 'Connect by the name in the certificate, or use tls = "verify-ca".',
  },
  VP_MYSQL_TLS_EXPIRED: {
    class: 'config',
    summary: "The server's certificate has expired.",
    message: (p: { server: string }) => `The certificate of ${where(p)} has expired.`,
    hint: () => 'Renew it on the server.',
  },
  VP_MYSQL_PASSWORD: {
    class: 'config',
    summary: 'The server does not accept user and password.',
    message: (p: { server: string; user: string }) =>
      `${where(p)} does not accept user "${p.user}" with this password.`,
    hint: () => 'Check `user`, and the secret that `password` refers to.',
  },
  VP_MYSQL_DATABASE_MISSING: {
    class: 'config',
    summary: 'The server has no database of that name.',
    message: (p: { server: string; database: string }) => `${where(p)} has no database "${p.database}".`,
    hint: () => 'SHOW DATABASES lists those that the user may see.',
  },
  VP_MYSQL_TABLE_MISSING: {
    class: 'data',
    summary: 'The database has no table or view of that name.',
    message: (p: { table: string; suggestion: string }) => `There is no table "${p.table}".${p.suggestion}`,
    hint: () => 'Check database and spelling; a table that the user may not see is not there either.',
  },
  VP_MYSQL_DENIED: {
    class: 'config',
    summary: 'The user may not do that.',
    message: (p: { reason: string; user: string }) => `User "${p.user}": ${p.reason}.`,
    hint: (p) => `An owner runs: grant … to "${p.user}" (for reading: grant select on the table).`,
  },
  VP_MYSQL_FULL: {
    class: 'transient',
    summary: 'The server takes no more connections.',
    message: (p: { server: string; reason: string }) => `${where(p)} takes no more connections: ${p.reason}.`,
    hint: () => 'Run fewer steps at a time, or raise max_connections.',
  },
  VP_MYSQL_GONE: {
    class: 'transient',
    summary: 'The connection to the server was lost.',
    message: (p: { server: string; reason: string }) =>
      `The connection to ${where(p)} was lost: ${p.reason}.`,
    hint: () => 'The step is tried again. If it happens often, look into the log of the server.',
  },
  VP_MYSQL_STATEMENT_TIMEOUT: {
    class: 'transient',
    summary: 'A statement took longer than it may.',
    message: (p: { reason: string }) => `A statement took too long: ${p.reason}.`,
    hint: () => 'More time: statement_timeout_ms of the connection.',
  },
  VP_MYSQL_LOCKED: {
    class: 'transient',
    summary: 'A lock was not free in time, or two transactions waited for each other.',
    message: (p: { reason: string }) => `A lock stood in the way: ${p.reason}.`,
    hint: () => 'The step is tried again.',
  },
  VP_MYSQL_READ_ONLY: {
    class: 'config',
    summary: 'The server is a standby, or the connection may only read.',
    message: (p: { reason: string }) => `Nothing can be written: ${p.reason}.`,
    hint: () => 'Connect to the primary.',
  },
  VP_MYSQL_DISK_FULL: {
    class: 'transient',
    summary: 'The disk of the server is full.',
    message: (p: { server: string; reason: string }) => `${where(p)} has no space left: ${p.reason}.`,
    hint: () => 'Nothing was committed. Make room on the server.',
  },
  VP_MYSQL_QUERY: {
    class: 'user',
    summary: 'The server refuses a statement.',
    message: (p: { reason: string; state: string }) => `MySQL says: ${p.reason} (SQLSTATE ${p.state}).`,
    hint: () => 'Correct the query or the options of the asset.',
  },
  VP_MYSQL_DATA: {
    class: 'data',
    summary: 'A value does not fit into its column, or breaks a constraint.',
    message: (p: { reason: string; detail: string }) => `MySQL refuses a row: ${p.reason}.${p.detail}`,
    hint: () => 'Nothing was committed. Correct the data, or the table.',
  },
  VP_MYSQL_UNEXPECTED: {
    class: 'plugin',
    summary: 'The server said something that the plugin does not know.',
    message: (p: { server: string; reason: string }) => `${where(p)}: ${p.reason}`,
    hint: () => 'Please report it, with the version of the server.',
  },
  VP_MYSQL_LOCAL_INFILE: {
    class: 'config',
    summary: 'The server does not take LOAD DATA LOCAL.',
    message: (p: { server: string; reason: string }) =>
      `${where(p)} does not take LOAD DATA LOCAL: ${p.reason}.`,
    hint: () => 'An administrator runs: set global local_infile = 1.',
  },
  VP_MYSQL_CHANGED_VALUES: {
    class: 'data',
    summary: 'The server would have changed values of a column to make them fit.',
    message: (p: { count: number; reason: string }) =>
      `MySQL would have changed ${p.count === 1 ? 'a value' : `${p.count} values`}: ${p.reason}.`,
    hint: () => 'Nothing was committed. Correct the data, or widen the column of the table.',
  },
  VP_MYSQL_NAME: {
    class: 'config',
    summary: 'A name cannot be one of a table or column of MySQL.',
    message: (p: { name: string; reason: string }) =>
      `${JSON.stringify(p.name)} is no name for MySQL: ${p.reason}.`,
    hint: () => 'Rename the column before it is written.',
  },
  VP_MYSQL_VALUE: {
    class: 'data',
    summary: 'A value has no place in the logical type of its column.',
    message: (p: { column: string; type: string; value: string }) =>
      `Column "${p.column}" holds ${p.value}, which is no ${p.type}.`,
    hint: (p) => `Read the column as text: columns = { ${p.column} = "utf8" } in the options.`,
  },
  VP_MYSQL_VALUE_REFUSED: {
    class: 'data',
    summary: 'A value cannot be stored by MySQL.',
    message: (p: { column: string; type: string; value: string }) =>
      `Column "${p.column}" (${p.type}) holds ${p.value}, which MySQL cannot store.`,
    hint: () => 'Nothing was committed. Clean the column before it is written.',
  },
  VP_MYSQL_NO_TYPE: {
    class: 'config',
    summary: 'MySQL has no type for the values of a column.',
    message: (p: { column: string; type: string }) =>
      `MySQL has no type for column "${p.column}" (${p.type}).`,
    hint: () => 'Turn it into columns of its own, or into json, before it is written.',
  },
  VP_MYSQL_FORMAT: {
    class: 'plugin',
    summary: 'The host hands over data in a format that the sink did not offer.',
    message: (p: { format: string; carrier: string }) =>
      `MySQL cannot load ${p.format} that comes as ${p.carrier}.`,
    hint: () => 'Please report it.',
  },
  VP_MYSQL_OPTION: {
    class: 'config',
    summary: 'Options of a MySQL source or sink do not go together.',
    message: (p: { problem: string }) => `${p.problem}.`,
    hint: () => 'plugins/mysql documents the options in its README.',
  },
});
