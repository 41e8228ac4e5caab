import { listenForInterrupts } from '../shell/interrupts.ts';
import type { Output } from '../ui/output.ts';
import { errors } from './errors.ts';
import type { FoundPackage } from './plugin-package.ts';
import { lawLine, proofSummary } from './proof-view.ts';
import { isProvable, provePlugin, writeProof } from './prove.ts';

/**
 * Runs the kits on a plugin that is about to be published, and writes its report. What no kit is for is
 * published without.
 *
 * @throws VpError `VP_KIT_BROKEN` when a law that must hold does not
 */
export async function proveForPublishing(request: {
  readonly plugin: FoundPackage;
  readonly output: Output;
  readonly write: boolean;
}): Promise<void> {
  const { plugin, output, write } = request;
  if (!isProvable(plugin.package)) {
    output.note(`No kit is for what ${plugin.package.name} brings: it is published without a badge.`);
    return;
  }
  const interrupts = listenForInterrupts(output);
  try {
    const proof = await provePlugin({ plugin, signal: interrupts.signal });
    for (const told of proof.laws)
      if (told.law.outcome === 'failed') output.note(lawLine(told, output.style));
    output.print(proofSummary(proof, output.style));
    if (!proof.ok) throw errors.VP_KIT_BROKEN({ plugin: plugin.package.name });
    if (write) writeProof(plugin, proof);
  } finally {
    interrupts.stop();
  }
}
