import { CoreApp, LoadingState, type PanelData } from '@grafana/data';
import { useEffect, useRef } from 'react';

interface Asker {
  app?: CoreApp | undefined;
  data?: PanelData | undefined;
  datasource: { uid: string };
  onRunQuery: () => void;
}

/** Says whether what a panel that is edited shows was answered by other data sources alone. */
export function isOfOthers({ app, data, datasource }: Pick<Asker, 'app' | 'data' | 'datasource'>): boolean {
  const targets = data?.state === LoadingState.Loading ? [] : (data?.request?.targets ?? []);
  return (
    app === CoreApp.PanelEditor &&
    targets.length > 0 &&
    targets.every(({ datasource: of }) => of?.uid !== datasource.uid)
  );
}

/**
 * Asks as soon as a panel has chosen the data source. Grafana's editor (12.4) does not, and goes on showing what the one
 * before has answered, in a new panel a curve of random numbers.
 */
export function useFirstAnswer(asker: Asker): void {
  const run = useRef(asker.onRunQuery);
  run.current = asker.onRunQuery;
  const isDue = isOfOthers(asker);
  useEffect(() => {
    if (isDue) {
      run.current();
    }
  }, [isDue]);
}
