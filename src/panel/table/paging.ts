/** The place of a page among its table's rows. Rows and pages count from 0. */
export interface PageBounds {
  page: number;
  pages: number;
  /** First row of the page. */
  offset: number;
  /** Rows on a full page. */
  size: number;
}

/** The page of `size` rows that holds row `anchor`, or the last page where the table has become shorter. */
export function pageBounds(anchor: number, size: number, total: number): PageBounds {
  const pages = Math.max(1, Math.ceil(total / size));
  const page = Math.min(Math.max(0, Math.floor(anchor / size)), pages - 1);
  return { page, pages, offset: page * size, size };
}

/** `1 - 3 of 4` */
export function rangeText({ offset, size }: PageBounds, total: number): string {
  return total === 0 ? '0 of 0' : `${offset + 1} - ${Math.min(offset + size, total)} of ${total}`;
}

/** The page that someone typed, from 1; undefined where it is no number. Beyond the ends it is the first or the last. */
export function typedPage(text: string, pages: number): number | undefined {
  const number = /^\s*\d{1,15}\s*$/.test(text) ? Number(text) : Number.NaN;
  return Number.isNaN(number) ? undefined : Math.min(Math.max(number, 1), pages) - 1;
}

/** Rows that fit between the header and the lower edge, at least one. */
export function fittingRows(height: number, rowHeight: number): number {
  return Math.max(1, Math.floor(height / rowHeight));
}
