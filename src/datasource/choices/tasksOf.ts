import { evalTask } from '@rolloscope/contract/evals';

/** Tasks are what metrics are the results of, by the list of evals; and what else is logged of one: `eval/<task>/…`. */
export function tasksOf(metrics: readonly string[]): string[] {
  const found = metrics.flatMap((name) => {
    const [kind, task, ...rest] = name.split('/');
    const beside = kind === 'eval' && rest.length > 0 ? task : undefined;
    return (evalTask(name) ?? beside) || [];
  });
  return [...new Set(found)];
}
