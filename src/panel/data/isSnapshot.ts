/**
 * Says whether a panel's frames were saved with it, as in a snapshot: then they are what it shows, whoever looks and
 * whatever the store has by now, and nobody is asked for more.
 */
export function isSnapshot(targets: unknown): boolean {
  return Array.isArray(targets) && targets.some((target) => target?.queryType === 'snapshot');
}
