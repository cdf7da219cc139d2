import type { LensCount } from '@rolloscope/contract/types';
import { useEffect, useRef, useState } from 'react';
import type { Narrowing, TableData } from '../../data/TableData';

/** While rows pour in, they are counted anew this often at most, in milliseconds: it costs the store a walk each. */
const EVERY = 15_000;
/** Milliseconds that the counts wait: what is on screen comes first. */
const AFTER_PAGE = 150;

/**
 * Counts the rows that each lens would leave of those that filter and search leave; undefined until known, and where it
 * cannot be told (an older store, a store that is away): lenses are a help, and no reason for a message.
 */
export function useLensCounts(
  data: TableData,
  { filter, search }: Narrowing,
  isWanted: boolean,
): readonly LensCount[] | undefined {
  // An editor who says what a column stands for wants to see at once what follows from it.
  const roles = data.columns.map(({ name, role }) => [name, role]);
  const asked = JSON.stringify([data.key, roles, filter, search]);
  const [counted, setCounted] = useState<{ asked: string; key: string; counts: LensCount[] }>();
  const last = useRef({ asked: '', at: Number.NEGATIVE_INFINITY });

  // biome-ignore lint/correctness/useExhaustiveDependencies: `asked` stands for what is counted
  useEffect(() => {
    if (!isWanted) {
      return undefined;
    }
    const abort = new AbortController();
    const since = last.current.asked === asked ? performance.now() - last.current.at : Number.POSITIVE_INFINITY;
    const timer = setTimeout(
      () => {
        last.current = { asked, at: performance.now() };
        data.countLenses({ orderBy: [], filter, search }, abort.signal).then(
          (counts) => !abort.signal.aborted && setCounted({ asked, key: data.key, counts }),
          () => undefined,
        );
      },
      Math.max(AFTER_PAGE, EVERY - since),
    );
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [data, asked, isWanted]);

  return counted?.key === data.key ? counted.counts : undefined;
}
