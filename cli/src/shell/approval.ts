import type { InstallRequest, Proposal } from '@vp/installer';
import { installView } from '../ui/install-view.ts';
import type { Output } from '../ui/output.ts';
import { builtInCommands } from './command-info.ts';
import { choose, confirm, isInteractive } from './confirm.ts';

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

/**
 * As {@link approval}, for plugins that were named on the command line: of several some may be agreed to,
 * and `accepted` has them once not all were.
 */
export function approvalOfEach(
  output: Output,
  signal: AbortSignal,
  specs: readonly string[],
): ReturnType<typeof approval> & { accepted(): readonly string[] } {
  const common = approval(output, signal);
  let accepted: readonly string[] = [];
  return {
    ...common,
    accepted: () => accepted,
    async approve(proposal) {
      if (specs.length < 2 || output.json || !isInteractive()) return common.approve?.(proposal);
      showProposal(output, proposal);
      const question = '\nInstall these, with what they may do?';
      const answer = await choose({ question, answers: ['yes', 'no', 'each'], signal });
      if (answer !== 'each') return answer === 'yes';
      const { parseSpec } = await import('@vp/installer');
      for (const spec of specs) {
        if (await confirm(`  ${parseSpec(spec).key}?`, signal)) accepted = [...accepted, spec];
      }
      return accepted.length === specs.length;
    },
  };
}

export function showProposal(output: Output, proposal: Proposal): void {
  if (proposal.changes.length === 0 && proposal.warnings.length === 0) return;
  output.print(installView({ proposal, style: output.style, now: Date.now() }));
}
