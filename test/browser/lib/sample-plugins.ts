import type { ConformanceReport } from '@vp/contracts/registry';
import type { RegistrySite } from '../../services/registry.ts';

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
      conformance: './conformance.json',
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
    files: {
      'ledger.schema.json': JSON.stringify(ledgerSchema),
      'conformance.json': JSON.stringify(ledgerReport),
    },
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

const law = (id: string, title: string) => ({ id, title, level: 'must', outcome: 'passed' }) as const;

const ledgerReport: ConformanceReport = {
  plugin: '@acme/ledger',
  version: '1.0.0',
  contributions: [
    {
      point: 'source',
      id: 'ledger',
      contract: 'source@1',
      kit: '1.0.0',
      laws: [
        law('S01', 'the specification is valid'),
        law('S02', 'a check with wrong credentials fails with a VpError'),
        law('S03', 'discovery finds the same twice'),
        law('S04', 'each type comes back as it was stored, NULL too'),
        law('S05', 'reading goes on from every state that it gave'),
        {
          ...law('S06', 'a read that is cancelled ends within a second'),
          level: 'should',
          outcome: 'failed',
        },
        { ...law('S07', 'partitions together are the whole'), outcome: 'exempt', reason: 'it has none' },
      ],
    },
  ],
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
