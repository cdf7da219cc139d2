import type { RowsAnswer, RowsRequest } from '@rolloscope/contract/types';
import type { StoreClient } from './StoreClient';

/** Milliseconds before anybody wonders how far it is, and between questions. */
const WAIT = { first: 400, next: 300 };

/** A page of rows; while it takes, `onProgress` is told the share that is done, which never goes back. */
export async function queryFollowed(
  client: StoreClient,
  request: RowsRequest,
  signal: AbortSignal | undefined,
  onProgress: (share: number) => void,
): Promise<RowsAnswer> {
  const id = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;
  let timer: ReturnType<typeof setTimeout>;
  let isOver = false;
  let highest = 0;
  const ask = async () => {
    // Without an answer it only stays unknown how far it is.
    const { share } = await client.ask('progress', { path: { id } }, signal).catch(() => ({ share: null }));
    if (isOver) {
      return;
    }
    if (share !== null && share > highest) {
      highest = share;
      onProgress(share);
    }
    timer = setTimeout(ask, WAIT.next);
  };
  timer = setTimeout(ask, WAIT.first);
  try {
    return await client.ask('queryRows', { body: request, query: { progress: id } }, signal);
  } finally {
    isOver = true;
    clearTimeout(timer);
  }
}
