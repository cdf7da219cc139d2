const ROLE = /^(.+?)[_/-](explorer|trainer|orchestrator|rollout|actor|learner)$/i;

/**
 * The job that a run belongs to and its part in it, told by its name: `gsm8k_explorer` and `gsm8k_trainer` are one job
 * (Trinity-RFT), and so are `gsm8k/explorer` and `gsm8k/trainer`. Undefined for a run that is whole by itself. The job is
 * what `group` should be.
 */
export function jobOf(run: string): { job: string; part: string } | undefined {
  const [, job, part] = ROLE.exec(run) ?? [];
  return job !== undefined && part !== undefined ? { job, part: part.toLowerCase() } : undefined;
}
