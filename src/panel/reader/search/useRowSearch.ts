import { useMemo, useState } from 'react';
import { type Matcher, plainMatcher, type TextSearch } from '../../text/compileSearch';

interface RowSearch {
  /** The text that is looked for; undefined while nothing is. */
  text: string | undefined;
  matcher: Matcher | undefined;
  /** True where the viewer typed it here. */
  isOwn: boolean;
  start: (text: string) => void;
  end: () => void;
}

/** Holds the open row's search: the table's, until the viewer types something else or ends it. */
export function useRowSearch(ofTable: TextSearch | undefined, tableMatcher: Matcher | undefined): RowSearch {
  const [typed, setTyped] = useState<string>();
  const [ended, setEnded] = useState<TextSearch>();
  const given = ofTable && ofTable !== ended ? ofTable : undefined;
  const own = useMemo(() => (typed ? plainMatcher({ text: typed, mode: 'plain' }) : undefined), [typed]);
  return {
    text: typed ?? given?.text,
    matcher: typed === undefined ? given && tableMatcher : own,
    isOwn: typed !== undefined,
    start: setTyped,
    end: () => {
      setTyped(undefined);
      setEnded(ofTable);
    },
  };
}
