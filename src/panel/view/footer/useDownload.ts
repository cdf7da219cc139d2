import type { ExportFormat } from '@rolloscope/contract/names';
import { useEffect, useState } from 'react';
import { faultText } from '../../data/faultText';
import type { Narrowing, TableData } from '../../data/TableData';
import { clickDownload } from '../../download/clickDownload';

export interface DownloadState {
  isBusy: boolean;
  /** The outcome of the download, for a status line. */
  message?: string;
  isFault?: boolean;
}

/** A download that has begun is news for so long, in milliseconds. */
const NEWS_FOR = 10_000;

/** Starts the browser's own download of all rows, and says how many there are. */
export function useDownload(): [
  DownloadState,
  (data: TableData, columns: readonly string[], narrowing: Narrowing, format: ExportFormat) => void,
] {
  const [state, setState] = useState<DownloadState>({ isBusy: false });
  useEffect(() => {
    if (state.message === undefined || state.isFault) {
      return undefined;
    }
    const timer = setTimeout(() => setState({ isBusy: false }), NEWS_FOR);
    return () => clearTimeout(timer);
  }, [state]);
  const start = (data: TableData, columns: readonly string[], narrowing: Narrowing, format: ExportFormat) => {
    setState({ isBusy: true });
    data.createDownload(columns, narrowing, format).then(
      ({ url, name, rows, cut = 0, release }) => {
        clickDownload({ url, ...(name !== undefined && { name }), ...(release && { release }) });
        const isNotWhole = cut === 0 ? '' : `, ${cut === 1 ? '1 text' : `${cut} texts`} cut short as in the frame`;
        setState({ isBusy: false, message: `Exporting ${rows} ${rows === 1 ? 'row' : 'rows'}${isNotWhole}` });
      },
      (fault: unknown) => setState({ isBusy: false, isFault: true, message: `Export failed: ${faultText(fault)}` }),
    );
  };
  return [state, start];
}
