import { useLayoutEffect, useRef, useState } from 'react';
import { faultText } from '../../data/faultText';
import type { Page, PageRequest, TableData } from '../../data/TableData';
import { mergeLive } from '../../table/mergeLive';
import { placeOf } from '../../table/paging';

export interface LivePage {
  /** The state of the table that shows: the newest one, or an older one that someone reads. */
  data: TableData;
  page: Page | undefined;
  /** Someone waits for it; new data of what shows comes without. */
  isLoading: boolean;
  /** Whether the rows that show are not, or may not be, those that are wanted. */
  isStale: boolean;
  /** Whether `page` is the one that is wanted. */
  isCurrent: boolean;
  /** Share of the work that is done, 0–1, where that is known. */
  progress: number | undefined;
  fault: string | undefined;
  /** Rows that match in the newest state, where it waits because it would move what someone reads. */
  waiting: number | undefined;
  showNewest: () => void;
  retry: () => void;
}

export interface WantedPage extends Omit<PageRequest, 'offset'> {
  /** Counted from 0; beyond the end it is the last one. */
  page: number;
}

interface Shown {
  data: TableData;
  /** The request that `page` answers. */
  request: string;
  page: Page | undefined;
}

/** States of a table differ in length, so each has a last page of its own. */
function requestOf({ page, ...wanted }: WantedPage, total: number): PageRequest {
  return { ...wanted, offset: placeOf(page * wanted.limit, wanted.limit, total).offset };
}

/** A page; the last one where the wanted one is beyond what a filter has left. */
async function loadPage(
  data: TableData,
  wanted: WantedPage,
  signal: AbortSignal,
  onProgress: (share: number) => void,
): Promise<Page> {
  const page = await data.loadPage(requestOf(wanted, data.total), signal, onProgress);
  return page.count === 0 && page.total > 0 ? data.loadPage(requestOf(wanted, page.total), signal) : page;
}

/** The page to show while data pours in, so that new data never moves what someone reads (`mergeLive`). */
export function useLivePage(latest: TableData, wantedPage: WantedPage, isReading: boolean): LivePage {
  const wanted = JSON.stringify(wantedPage);
  const [shown, setShown] = useState<Shown>(() => ({
    data: latest,
    request: wanted,
    page: latest.pageNow(requestOf(wantedPage, latest.total)),
  }));
  const [waiting, setWaiting] = useState<number>();
  const [loading, setLoading] = useState<{ progress?: number }>();
  const [fault, setFault] = useState<string>();
  const [asked, setAsked] = useState({ newest: false });
  const seen = useRef({ latest, asked });
  const reading = useRef(isReading);
  reading.current = isReading;

  // biome-ignore lint/correctness/useExhaustiveDependencies: `wanted` stands for `wantedPage`, and `shown` is its result
  useLayoutEffect(() => {
    const isAsked = seen.current.asked !== asked;
    const isForced = isAsked && asked.newest;
    const isNewData = isAsked || seen.current.latest !== latest;
    seen.current = { latest, asked };
    const isSameTable = shown.data.key === latest.key;
    const from = !isNewData && reading.current && isSameTable ? shown.data : latest;
    const settle = (page: Page) => {
      setLoading(undefined);
      setFault(undefined);
      const isSameRequest = isSameTable && shown.request === wanted && !isForced;
      if (isNewData && isSameRequest && shown.page && mergeLive(shown.page, page, reading.current) === 'wait') {
        setWaiting(page.total);
        return;
      }
      setShown({ data: from, request: wanted, page });
      if (from === latest) {
        setWaiting(undefined);
      }
    };
    const now = from.pageNow(requestOf(wantedPage, from.total));
    if (now && (now.count > 0 || now.total === 0)) {
      settle(now);
      return undefined;
    }
    const abort = new AbortController();
    setLoading({});
    const onProgress = (progress: number) => !abort.signal.aborted && setLoading({ progress });
    loadPage(from, wantedPage, abort.signal, onProgress).then(
      (page) => !abort.signal.aborted && settle(page),
      (error: unknown) => {
        if (!abort.signal.aborted) {
          setLoading(undefined);
          setFault(faultText(error));
        }
      },
    );
    return () => abort.abort();
  }, [latest, wanted, asked]);

  const isSameTable = shown.data.key === latest.key;
  const isWanted = isSameTable && shown.request === wanted && shown.page !== undefined;
  const isLoading = loading !== undefined && !isWanted;
  return {
    data: isSameTable ? shown.data : latest,
    page: isSameTable ? shown.page : undefined,
    isLoading,
    isStale: isLoading || fault !== undefined,
    isCurrent: fault === undefined && isWanted,
    progress: loading?.progress,
    fault,
    waiting: isSameTable ? waiting : undefined,
    showNewest: () => setAsked({ newest: true }),
    retry: () => setAsked({ newest: false }),
  };
}
