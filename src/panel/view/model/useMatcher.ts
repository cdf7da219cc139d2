import { useEffect, useState } from 'react';
import { compileSearch, type Matcher, type TextSearch } from '../../text/compileSearch';

/** The search, ready to mark its hits; undefined while there is none, or where its pattern is not valid. */
export function useMatcher(search: TextSearch | undefined): Matcher | undefined {
  const [compiled, setCompiled] = useState<{ search: TextSearch; matcher: Matcher }>();
  useEffect(() => {
    let isWanted = true;
    if (search) {
      compileSearch(search).then(
        (matcher) => isWanted && setCompiled({ search, matcher }),
        () => undefined,
      );
    }
    return () => {
      isWanted = false;
    };
  }, [search]);
  return search && compiled?.search === search ? compiled.matcher : undefined;
}
