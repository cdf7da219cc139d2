import { TURN_KINDS, TURN_SECONDS, turnTimes } from '@rolloscope/contract';
import type { Turn } from '@rolloscope/contract/types';
import { mapped, type Steps } from '../Turn';
import type { Derived } from './Derived';

/**
 * Derives how often the model spoke in a rollout and where its time went, for rows whose turns are logged; a column
 * that would have no value is not made. See `TURN_SECONDS` for what each means.
 */
export function* turnColumns(rows: readonly (readonly Turn[] | undefined)[]): Steps<Derived[]> {
  const counts = yield* mapped(rows, (turns) => turns?.filter(({ kind }) => kind === 'generate').length ?? null);
  const times = yield* mapped(rows, (turns) => turns && turnTimes(turns));
  const columns: Derived[] = [
    { name: 'numTurns', type: 'number', values: counts },
    ...TURN_KINDS.map(
      (kind): Derived => ({
        name: TURN_SECONDS[kind],
        type: 'number',
        values: times.map((one) => one?.seconds[kind] ?? null),
      }),
    ),
    { name: 'slowestTool', type: 'string', values: times.map((one) => one?.slowestTool ?? null) },
  ];
  return columns.filter(({ values }) => values.some((value) => value !== null));
}
