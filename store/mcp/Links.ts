/** Addresses in Grafana at which a person sees what a tool tells: of the dashboards that ship with the plugin. */
export class Links {
  /** `grafana`: the address of Grafana, without a slash at its end. Without one, links begin at its root: `/d/…`. */
  constructor(private readonly grafana = '') {}

  /** Run overview of a run, at a step and with a table of rollouts where they are given. */
  run({ project, id }: { project: string; id: string }, at: { step?: number | null; table?: string } = {}): string {
    return this.#dashboard('rolloscope-run-overview', { project, run: id, step: at.step, table: at.table });
  }

  /** Regression of a run: what went wrong at `step`, beside what was right at `reference`. */
  regression(run: { project: string; id: string }, step?: number, reference?: number): string {
    return this.#dashboard('rolloscope-regression', { project: run.project, run: run.id, step, reference });
  }

  /** The list of runs of a project, or of all. */
  runs(project?: string): string {
    return this.#dashboard('rolloscope-runs', { project });
  }

  #dashboard(uid: string, variables: Record<string, string | number | null | undefined>): string {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(variables)) {
      if (value !== undefined && value !== null) {
        query.set(`var-${name}`, String(value));
      }
    }
    const text = query.toString();
    return `${this.grafana}/d/${uid}${text && `?${text}`}`;
  }
}
