import { getTemplateSrv } from '@grafana/runtime';
import type { ComboboxOption } from '@grafana/ui';
import { LIMITS } from '@rolloscope/contract/limits';
import { useEffect, useMemo, useState } from 'react';
import { dashboardVariables } from '../../shared/dashboardVariables';
import type { Choice } from '../choices/Choice';
import { type ChoiceQuery, listChoices } from '../choices/listChoices';
import { toFailure } from '../http/failure';
import { NOT_THERE } from '../http/StoreClient';
import { filler, fillRuns } from '../interpolate';
import type { StoreSource } from '../StoreSource';

/** A list, or where the store has more than a list holds, a search in the store. */
export type Options = ComboboxOption<string>[] | ((typed: string) => Promise<ComboboxOption<string>[]>);

export interface Choices {
  list: Choice[];
  /** The list beside the dashboard's variables, for a field. */
  options: Options;
  /** The reason why there is no list; undefined where nothing failed. */
  failure: string | undefined;
  /** True until the store has answered for the first time. */
  isLoading: boolean;
}

const NOTHING = { list: [] as Choice[], failure: undefined as string | undefined, isLoading: false };

/** Lists what the store offers for a field of the editor; its texts may hold variables. Undefined asks for nothing. */
export function useChoices(datasource: StoreSource, query: ChoiceQuery | undefined): Choices {
  const key = query && JSON.stringify(filled(query));
  const [{ list, failure, isLoading }, set] = useState({ ...NOTHING, isLoading: key !== undefined });
  useEffect(() => {
    if (key === undefined) {
      set(NOTHING);
      return;
    }
    const stop = new AbortController();
    listChoices(datasource.client, JSON.parse(key) as ChoiceQuery, stop.signal).then(
      (found) => !stop.signal.aborted && set({ ...NOTHING, list: found }),
      (error: unknown) => {
        const { code, message } = toFailure(error);
        // The field then takes what one writes.
        const isThere = !(code && NOT_THERE.has(code));
        return !stop.signal.aborted && set({ ...NOTHING, failure: isThere ? message : undefined });
      },
    );
    return () => stop.abort();
  }, [datasource, key]);
  const options = useMemo((): Options => {
    const withVariables = (choices: Choice[]) => [...choices.map(toOption), ...variableOptions()];
    return list.length < LIMITS.listEntries || key === undefined
      ? withVariables(list)
      : async (typed) => withVariables(await listChoices(datasource.client, { ...JSON.parse(key), q: typed }));
  }, [list, key, datasource]);
  return { list, options, failure, isLoading };
}

function filled(query: ChoiceQuery): ChoiceQuery {
  const fill = filler(getTemplateSrv());
  const { runs, table } = query;
  return { ...query, ...(runs && { runs: fillRuns(runs, fill) }), ...(table && { table: fill.one(table) }) };
}

const toOption = ({ value, label, about }: Choice): ComboboxOption<string> => ({
  value,
  ...(label !== undefined && label !== value && { label }),
  ...(about !== undefined && { description: about }),
});

/** The dashboard's variables, to choose from beside what the store has. */
export function variableOptions(): ComboboxOption<string>[] {
  return dashboardVariables()
    .filter(({ type }) => type !== 'datasource' && type !== 'adhoc')
    .map(({ name }) => ({ value: `$${name}`, description: 'Variable' }));
}
