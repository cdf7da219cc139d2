import type { Condition } from '@rolloscope/contract/types';
import { type Dispatch, useMemo } from 'react';
import { stepColumn } from '../data/axisColumns';
import type { Page, TableData } from '../data/TableData';
import type { ViewAction, ViewState } from '../table/ViewState';
import { readVariable, setVariables } from './dashboardVariables';
import { findPromptAt } from './findPromptAt';
import { useOpenAfter } from './useOpenAfter';
import { useStepChoice } from './useStepChoice';

const RUN = 'run';

interface Options {
  data: TableData;
  page: Page | undefined;
  /** The open row. */
  open: { page: Page; row: number } | undefined;
  view: ViewState;
  dispatch: Dispatch<ViewAction>;
  /** The panel's queries as they are saved. */
  targets: unknown;
}

export interface StepReading {
  /** All conditions of the table, the choice of steps included, wherever that is kept. */
  filter: readonly Condition[];
  /** Takes the place of all conditions on a column; a choice of steps goes where the dashboard keeps it. */
  setFilter: (column: string, conditions: readonly Condition[]) => void;
  /** The one step that is being read, and the run where it is one; undefined where several steps show. */
  current: { step: number; run?: string } | undefined;
  /**
   * Shows another step, and opens the prompt that is open now at that step, where it has it. Another run is chosen in
   * the dashboard's `run` variable, where it has one.
   */
  goToStep: (step: number, run?: string) => void;
  /** Back to all steps of the query; undefined where none was chosen. */
  showAll: (() => void) | undefined;
}

/** Tells which step is being read, and leads to others. */
export function useReading({ data, page, open, view, dispatch, targets }: Options): StepReading {
  const column = stepColumn(data.columns)?.name;
  const filterColumn = (name: string, conditions: readonly Condition[]) =>
    dispatch({ type: 'filterColumn', column: name, conditions });
  const steps = useStepChoice(column, targets, view.filter, filterColumn);
  const filter = useMemo(
    () => [...view.filter.filter((condition) => condition.column !== column), ...steps.conditions],
    [view.filter, steps.conditions, column],
  );
  const openAfter = useOpenAfter(view.subject, (rowId) => dispatch({ type: 'open', row: 0, rowId }));
  const shown = useMemo(() => (page && column !== undefined ? onlyValues(page, column) : undefined), [page, column]);
  const openAt = open && column !== undefined ? valuesOf(open.page, open.row, column) : undefined;

  // A range may have rows of one step on its first page, and of others on the next.
  const isOneStep = steps.conditions.every(({ op }) => op === 'eq');
  const chooseStep = (step: number) => column !== undefined && steps.choose([{ column, op: 'eq', value: step }]);
  return {
    filter,
    setFilter: (name, conditions) => (name === column ? steps.choose(conditions) : filterColumn(name, conditions)),
    current: openAt ?? (isOneStep ? shown : undefined),
    goToStep(step, run) {
      const chooseRun = () => {
        if (run !== undefined && !readVariable(RUN).includes(run)) {
          setVariables({ [RUN]: run });
        }
      };
      if (!open) {
        chooseRun();
        chooseStep(step);
        return;
      }
      const { signal } = new AbortController();
      data
        .loadRow(open.page, open.row, signal)
        .then((cells) => findPromptAt(data, data.columns, cells, step, run, signal))
        // Without an answer the step shows all the same.
        .catch(() => undefined)
        .then((rowId) => {
          openAfter(rowId);
          chooseRun();
          chooseStep(step);
          if (!steps.isShared && rowId !== undefined) {
            dispatch({ type: 'open', row: 0, rowId });
          }
        });
    },
    showAll: steps.conditions.length > 0 ? () => steps.choose([]) : undefined,
  };
}

function valuesOf(page: Page, row: number, column: string): StepReading['current'] {
  const [step, run] = [page.cell(row, column), page.cell(row, 'run')];
  return typeof step === 'number' ? { step, ...(typeof run === 'string' && { run }) } : undefined;
}

/** The step, and the run, that all rows of a page have in common. */
function onlyValues(page: Page, column: string): StepReading['current'] {
  const first = page.count > 0 ? valuesOf(page, 0, column) : undefined;
  if (!first) {
    return undefined;
  }
  let isOneRun = true;
  for (let row = 1; row < page.count; row++) {
    const other = valuesOf(page, row, column);
    if (other?.step !== first.step) {
      return undefined;
    }
    isOneRun &&= other.run === first.run;
  }
  return isOneRun ? first : { step: first.step };
}
