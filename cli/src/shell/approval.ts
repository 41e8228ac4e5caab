import type { InstallRequest, Proposal } from '@vp/installer';
import { installView } from '../ui/install-view.ts';
import type { Output } from '../ui/output.ts';
import { builtInCommands } from './command-info.ts';
import { confirm, isInteractive } from './confirm.ts';

/** What every install of the command line has: whom it asks, and which command names are taken. */
export function approval(
  output: Output,
  signal: AbortSignal,
): Pick<InstallRequest, 'approve' | 'builtInCommands' | 'signal'> {
  return {
    signal,
    builtInCommands: builtInCommands().map(({ id }) => id),
    async approve(proposal) {
      showProposal(output, proposal);
      if (output.json || !isInteractive()) return undefined;
      return confirm('\nInstall this, with what it may do?', signal);
    },
  };
}

export function showProposal(output: Output, proposal: Proposal): void {
  if (proposal.changes.length === 0 && proposal.warnings.length === 0) return;
  output.print(installView({ proposal, style: output.style, now: Date.now() }));
}
