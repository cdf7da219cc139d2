/** Tasks are the parts of metric names that say what is evaluated: `val-core/<source>/…`, `eval/<task>/…`. */
export function tasksOf(metrics: readonly string[]): string[] {
  const found = metrics.flatMap((name) => {
    const [kind, task, ...rest] = name.split('/');
    return (kind === 'val-core' || (kind === 'eval' && rest.length > 0)) && task ? [task] : [];
  });
  return [...new Set(found)];
}
