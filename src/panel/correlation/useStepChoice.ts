import type { Condition } from '@rolloscope/contract/types';
import { useMemo } from 'react';
import { setVariables } from './dashboardVariables';
import { namesVariable } from './namesVariable';
import { stepConditions, stepText } from './stepText';
import { useVariable } from './useVariable';

const VARIABLE = 'step';

interface StepChoice {
  /** The steps that show, as conditions on the step column; none: all of the query. */
  conditions: readonly Condition[];
  choose: (conditions: readonly Condition[]) => void;
  /** The dashboard's variable holds the choice, so every panel of the dashboard follows it. */
  isShared: boolean;
}

/**
 * The steps that the table shows: in the dashboard's `step` variable where there is one that the query goes by, else in
 * the panel's own filter.
 */
export function useStepChoice(
  column: string | undefined,
  targets: unknown,
  filter: readonly Condition[],
  onFilter: (column: string, conditions: readonly Condition[]) => void,
): StepChoice {
  const isAsked = useMemo(() => namesVariable(targets, VARIABLE), [targets]);
  const values = useVariable(isAsked ? VARIABLE : undefined);
  const isShared = values !== undefined && column !== undefined;
  const text = values?.join(', ') ?? '';
  const conditions = useMemo(() => {
    const own = filter.filter((condition) => condition.column === column);
    return own.length === 0 && isShared ? stepConditions(column, text) : own;
  }, [filter, column, isShared, text]);
  return {
    conditions,
    isShared,
    choose(next) {
      if (column === undefined) {
        return;
      }
      const own = isShared ? [] : next;
      if (own.length > 0 || filter.some((condition) => condition.column === column)) {
        onFilter(column, own);
      }
      if (isShared) {
        setVariables({ [VARIABLE]: stepText(next) });
      }
    },
  };
}
