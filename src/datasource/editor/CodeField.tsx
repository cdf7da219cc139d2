import { getTemplateSrv } from '@grafana/runtime';
import { InlineFieldRow } from '@grafana/ui';
import React, { useEffect, useMemo, useRef, useState } from 'react';
import { dashboardVariables } from '../../shared/dashboardVariables';
import { listChoices } from '../choices/listChoices';
import { CodeError } from '../code/CodeError';
import { offersAt } from '../code/offersAt';
import { type CodeContext, parseCode } from '../code/parseCode';
import { suggest } from '../code/suggest';
import { writeCode } from '../code/writeCode';
import { defaultRuns } from '../firstQuery';
import { filler, fillRuns } from '../interpolate';
import type { StoreQuery } from '../query';
import type { StoreSource } from '../StoreSource';
import { CodeInput } from './CodeInput';
import { useChoices } from './useChoices';

interface Props {
  query: StoreQuery;
  datasource: StoreSource;
  onChange(query: StoreQuery): void;
}

/** The query as code. What is not valid yet stays in the field, and the query stays what it was. */
export function CodeField({ query, datasource, onChange }: Props) {
  const { context, sources, isLoading } = useCodeContext(query, datasource);
  const written = writeCode(query, context.defaultRuns);
  const [text, setText] = useState(written);
  const [error, setError] = useState<CodeError>();
  const last = useRef(written);
  useEffect(() => {
    // The query changed elsewhere: by an example of the help, or by undo.
    if (last.current !== written) {
      last.current = written;
      setText(written);
      setError(undefined);
    }
  }, [written]);
  const check = (code: string): StoreQuery | undefined => {
    try {
      const parsed = parseCode(code, context);
      setError(undefined);
      return parsed;
    } catch (failure) {
      setError(failure instanceof CodeError ? failure : new CodeError(String(failure), 0, code.length));
      return undefined;
    }
  };
  const finish = (isAsked: boolean) => {
    const parsed = check(text);
    if (!parsed) {
      return;
    }
    const next = writeCode(parsed, context.defaultRuns);
    if (isAsked || next !== written) {
      // The text stays as it was typed: it says the same.
      last.current = next;
      onChange(parsed);
    }
  };
  // Whether a name is a table's or a metric's is known once the store has answered.
  const [waiting, setWaiting] = useState<{ isAsked: boolean }>();
  useEffect(() => {
    if (waiting && !isLoading) {
      setWaiting(undefined);
      finish(waiting.isAsked);
    }
  });
  const finishOnceKnown = (isAsked: boolean) =>
    isLoading ? setWaiting({ isAsked: isAsked || waiting?.isAsked === true }) : finish(isAsked);
  return (
    <InlineFieldRow>
      <CodeInput
        text={text}
        error={error}
        onText={setText}
        onPause={check}
        onFinish={finishOnceKnown}
        placeAt={(code, cursor) => offersAt(code, cursor, context)}
        suggest={(place) => suggest(place, sources)}
      />
    </InlineFieldRow>
  );
}

function useCodeContext(query: StoreQuery, datasource: StoreSource) {
  const tables = useChoices(datasource, { kind: 'tables' });
  const metrics = useChoices(datasource, { kind: 'metrics' });
  const variables = dashboardVariables().map(({ name }) => name);
  const context: CodeContext = {
    current: query,
    defaultRuns: defaultRuns(variables),
    kindOf: (name) => {
      const has = (list: readonly { value: string }[]) => list.some(({ value }) => value === name);
      return has(tables.list) ? 'table' : has(metrics.list) ? 'metric' : undefined;
    },
  };
  const names = variables.join(' ');
  const sources = useMemo(
    () => ({
      list: (asked: Parameters<typeof listChoices>[1]) => {
        const { runs } = asked;
        return listChoices(datasource.client, {
          ...asked,
          ...(runs && { runs: fillRuns(runs, filler(getTemplateSrv())) }),
        });
      },
      variables: names === '' ? [] : names.split(' '),
    }),
    [datasource, names],
  );
  return { context, sources, isLoading: tables.isLoading || metrics.isLoading };
}
