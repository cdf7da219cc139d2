import { faultText } from '../data/faultText';
import type { Page, PageRequest, TableData } from '../data/TableData';
import { mergeLive } from './mergeLive';
import { pageBounds } from './paging';

/** A page as a view asks for it. */
export interface WantedPage extends Omit<PageRequest, 'offset'> {
  /** The page's number, counted from 0; beyond the end it is the last one. */
  page: number;
}

/** The view of a table whose data pours in. */
export interface LiveView {
  /** The state of the table that shows: the newest one, or an older one that someone reads. */
  data: TableData;
  page: Page | undefined;
  /** Someone waits for it; new data of what shows comes without. */
  isLoading: boolean;
  /** True where the rows that show are not, or may not be, those that are wanted. */
  isStale: boolean;
  /** True where `page` is the one that is wanted. */
  isCurrent: boolean;
  /** Share of the work that is done, 0–1, where that is known. */
  progress: number | undefined;
  fault: string | undefined;
  /** Rows that match in the newest state, where it waits because it would move what someone reads. */
  waiting: number | undefined;
}

interface Shown {
  data: TableData;
  /** The wanted page that `page` answers, as JSON. */
  request: string;
  page: Page | undefined;
}

/** A person's wish beyond the page: another attempt, or the newest state though it moves what is read. */
interface Ask {
  newest: boolean;
}

interface LiveState {
  shown: Shown;
  waiting?: number | undefined;
  /** The work that is on its way, its `progress` 0–1; undefined while nothing is. */
  loading?: { progress?: number } | undefined;
  fault?: string | undefined;
  ask: Ask;
}

/** States of a table differ in length, so each has a last page of its own. */
function requestOf({ page, ...wanted }: WantedPage, total: number): PageRequest {
  return { ...wanted, offset: pageBounds(page * wanted.limit, wanted.limit, total).offset };
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

/**
 * The page to show while data pours in, so that new data never moves what someone reads (`mergeLive`). It knows no
 * screen: `useLivePage` draws it.
 */
export class LivePage {
  /** True while a person reads, whom new data must not disturb. */
  isReading = false;
  private readonly listeners = new Set<() => void>();
  private state: LiveState;
  private seen: { latest: TableData; ask: Ask };

  constructor(latest: TableData, wanted: WantedPage) {
    const ask = { newest: false };
    const page = latest.pageNow(requestOf(wanted, latest.total));
    this.state = { shown: { data: latest, request: JSON.stringify(wanted), page }, ask };
    this.seen = { latest, ask };
  }

  /** Calls `listener` after every change, until the function that it returns is called. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Another object after every change, and the same one between two. */
  readonly getState = (): LiveState => this.state;

  readonly showNewest = (): void => this.change({ ask: { newest: true } });
  readonly retry = (): void => this.change({ ask: { newest: false } });

  /**
   * Brings the wanted page of the newest state of the table. To be called anew when one of them, or the state's `ask`,
   * has changed, after the function that it returned, which gives up what is on its way.
   */
  follow(latest: TableData, wanted: WantedPage): () => void {
    const { shown, ask } = this.state;
    const isAsked = this.seen.ask !== ask;
    const isForced = isAsked && ask.newest;
    const isNewData = isAsked || this.seen.latest !== latest;
    this.seen = { latest, ask };
    const request = JSON.stringify(wanted);
    const isSameTable = shown.data.key === latest.key;
    const from = !isNewData && this.isReading && isSameTable ? shown.data : latest;
    const settle = (page: Page) => {
      const settled = { loading: undefined, fault: undefined };
      const isSameRequest = isSameTable && shown.request === request && !isForced;
      if (isNewData && isSameRequest && shown.page && mergeLive(shown.page, page, this.isReading) === 'wait') {
        this.change({ ...settled, waiting: page.total });
        return;
      }
      const next = { ...settled, shown: { data: from, request, page } };
      this.change(from === latest ? { ...next, waiting: undefined } : next);
    };
    const now = from.pageNow(requestOf(wanted, from.total));
    if (now && (now.count > 0 || now.total === 0)) {
      settle(now);
      return () => undefined;
    }
    const abort = new AbortController();
    this.change({ loading: {} });
    const onProgress = (progress: number) => !abort.signal.aborted && this.change({ loading: { progress } });
    loadPage(from, wanted, abort.signal, onProgress).then(
      (page) => !abort.signal.aborted && settle(page),
      (error: unknown) => !abort.signal.aborted && this.change({ loading: undefined, fault: faultText(error) }),
    );
    return () => abort.abort();
  }

  /** Returns what shows of the newest state of the table while `wanted` is wanted. */
  view(latest: TableData, wanted: WantedPage): LiveView {
    const { shown, waiting, loading, fault } = this.state;
    const isSameTable = shown.data.key === latest.key;
    const isWanted = isSameTable && shown.request === JSON.stringify(wanted) && shown.page !== undefined;
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
    };
  }

  private change(part: Partial<LiveState>): void {
    this.state = { ...this.state, ...part };
    for (const listener of [...this.listeners]) {
      listener();
    }
  }
}
