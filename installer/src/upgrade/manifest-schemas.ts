import type { JsonSchema } from '@vp/contracts';
import { contributionKeys, type Manifest } from '@vp/contracts/manifest';

/** A schema that a manifest has, inline or as the path of a file. */
export interface NamedSchema {
  readonly point: string;
  readonly id: string;
  /** `config`: of the deployment's configuration. `options`: of one use in a pipeline. */
  readonly schema: 'config' | 'options';
  readonly written: string | JsonSchema;
}

/** A contribution that a manifest lists, whatever its point. */
export interface ListedContribution {
  readonly point: string;
  readonly id: string;
  readonly contract: string;
  readonly capabilities: readonly string[];
}

export function listedContributions({ contributes = {} }: Manifest): readonly ListedContribution[] {
  const standard = Object.entries(contributionKeys).flatMap(([key, point]) =>
    (contributes[key as keyof typeof contributionKeys] ?? []).map((each) => ({ point, each })),
  );
  const others = (contributes.extensions ?? []).map((each) => ({
    point: each.contract.slice(0, each.contract.lastIndexOf('@')),
    each,
  }));
  return [...standard, ...others].map(({ point, each: { id, contract, capabilities = [] } }) => {
    return { point, id, contract, capabilities };
  });
}

export function manifestSchemas({ contributes = {} }: Manifest): readonly NamedSchema[] {
  const { extensions, ...standard } = contributes;
  const config = Object.entries(contributionKeys).flatMap(([key, point]) =>
    (standard[key as keyof typeof contributionKeys] ?? []).map(({ id, config: written }) => ({
      point,
      id,
      written,
    })),
  );
  const others = (extensions ?? []).map(({ id, contract, config: written }) => ({
    point: contract.slice(0, contract.lastIndexOf('@')),
    id,
    written,
  }));
  const { sources = [], sinks = [], transforms = [] } = contributes;
  const options = Object.entries({ source: sources, sink: sinks, transform: transforms }).flatMap(
    ([point, list]) => list.map(({ id, options: written }) => ({ point, id, written })),
  );
  return [
    ...[...config, ...others].map((each) => ({ ...each, schema: 'config' as const })),
    ...options.map((each) => ({ ...each, schema: 'options' as const })),
  ].flatMap(({ written, ...each }) => (written === undefined ? [] : [{ ...each, written }]));
}
