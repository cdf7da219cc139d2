import { type DataFrame, type DataQueryError, type DataQueryResponse, LoadingState } from '@grafana/data';
import { toFailure } from './http/failure';
import type { LastGood } from './LastGood';
import type { StoreQuery } from './query';
import { type QueryContext, runQuery } from './runQuery';

/** Every query on its own: one that fails is marked and shows what it last had, the others are untouched. */
export async function runTargets(
  targets: readonly StoreQuery[],
  context: QueryContext,
  last: LastGood,
): Promise<Pick<DataQueryResponse, 'data' | 'errors' | 'state'>> {
  const errors: DataQueryError[] = [];
  const frames = await Promise.all(
    targets.map(async (target): Promise<DataFrame[]> => {
      const key = JSON.stringify(target);
      try {
        const answer = await runQuery(target, context);
        last.keep(key, answer, Date.now());
        return answer;
      } catch (error) {
        const failure = toFailure(error);
        const { message, status } = failure;
        errors.push({ refId: target.refId, message, ...(status > 0 && { status }) });
        return failure.isPassing ? last.show(key, message) : [];
      }
    }),
  );
  return {
    data: frames.flat(),
    state: errors.length > 0 ? LoadingState.Error : LoadingState.Done,
    ...(errors.length > 0 && { errors }),
  };
}
