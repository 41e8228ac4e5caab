import type { RegistrySite } from './registry-site.ts';

/** Puts in what a company's registry has: first-party plugins and its own. */
export async function publishSamples(site: RegistrySite): Promise<void> {
  await site.publishFirstParty('@vp/files', '@vp/checks', '@vp/alerts-webhook', '@vp/duckdb');
  await site.publish({
    name: '@acme/ledger',
    description: 'Bookings of the Acme ledger, row by row or as changes',
    keywords: ['finance', 'accounting'],
    readme: ledgerReadme,
    manifest: {
      displayName: 'Acme ledger',
      isolation: 'process',
      permissions: { network: ['${' + 'config.host}:${' + 'config.port}'], secrets: ['config.password'] },
      contributes: {
        sources: [
          {
            id: 'ledger',
            contract: 'source@1',
            description: 'Bookings, accounts and cost centres',
            formats: ['arrow', 'rows'],
            capabilities: ['incremental', 'cdc'],
            config: './ledger.schema.json',
          },
        ],
      },
    },
    files: { 'ledger.schema.json': JSON.stringify(ledgerSchema) },
  });
  await site.publish({
    name: 'acme-tides',
    version: '1.0.0',
    description: 'High and low water of 400 harbours',
    manifest: tides,
  });
  await site.publish({
    name: 'acme-tides',
    version: '1.1.0',
    description: 'High and low water of 900 harbours',
    manifest: tides,
  });
  await site.yank('acme-tides@1.1.0', 'Harbours of the southern half are an hour late.');
}

const tides = {
  permissions: { network: ['tides.example:443'] },
  contributes: { sources: [{ id: 'tides', contract: 'source@1', formats: ['rows'] }] },
};

const ledgerSchema = {
  type: 'object',
  required: ['host', 'password'],
  properties: {
    host: { type: 'string', description: 'Name or address of the ledger' },
    port: { type: 'integer', default: 8443, description: 'Of its API' },
    password: { type: 'string', description: 'A secret, e.g. secret://env/LEDGER' },
    mode: { enum: ['rows', 'changes'], default: 'rows' },
  },
};

const ledgerReadme = `# @acme/ledger

Bookings of the **Acme ledger** as a source.

\`\`\`toml
[connections.ledger]
plugin = "ledger"
host = "ledger.acme.example"
\`\`\`

## Limits

- One company a connection.
- See [Limits](#limits) and [the manual](https://ledger.acme.example/manual).

| table | key |
|---|---|
| \`bookings\` | \`id\` |
`;
