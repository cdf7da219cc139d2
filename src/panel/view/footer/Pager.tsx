import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Button, Input, useStyles2 } from '@grafana/ui';
import React, { useEffect, useState } from 'react';
import { palette } from '../../../shared/palette';
import { type PageBounds, rangeText, typedPage } from '../../table/paging';

interface Props {
  place: PageBounds;
  total: number;
  onPage: (page: number) => void;
}

/** `1 - 3 of 4`, `<`, the page number, which can be typed over, and `>`. */
export function Pager({ place, total, onPage }: Props) {
  const styles = useStyles2(getStyles);
  const [typed, setTyped] = useState(String(place.page + 1));
  useEffect(() => setTyped(String(place.page + 1)), [place.page]);

  const go = () => {
    const page = typedPage(typed, place.pages);
    setTyped(String((page ?? place.page) + 1));
    if (page !== undefined && page !== place.page) {
      onPage(page);
    }
  };
  return (
    <nav className={styles.pager} aria-label="Pages">
      <span className={styles.range} aria-live="polite">
        {rangeText(place, total)}
      </span>
      <Button
        size="sm"
        variant="secondary"
        fill="text"
        aria-label="Previous page"
        disabled={place.page === 0}
        onClick={() => onPage(place.page - 1)}
      >
        {'<'}
      </Button>
      <Input
        className={styles.number}
        aria-label={`Page of ${place.pages}`}
        inputMode="numeric"
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onFocus={(event) => event.currentTarget.select()}
        onBlur={go}
        onKeyDown={(event) => event.key === 'Enter' && go()}
        width={Math.max(5, typed.length + 3)}
      />
      <Button
        size="sm"
        variant="secondary"
        fill="text"
        aria-label="Next page"
        disabled={place.page >= place.pages - 1}
        onClick={() => onPage(place.page + 1)}
      >
        {'>'}
      </Button>
    </nav>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  pager: css({ display: 'flex', alignItems: 'center', gap: theme.spacing(0.5), whiteSpace: 'nowrap' }),
  range: css({
    color: palette(theme).text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
    fontVariantNumeric: 'tabular-nums',
    marginRight: theme.spacing(0.5),
  }),
  number: css({
    height: 24,
    '& div': { height: 24 },
    '& input': {
      height: 24,
      padding: theme.spacing(0, 0.5),
      textAlign: 'center',
      fontSize: theme.typography.bodySmall.fontSize,
      fontVariantNumeric: 'tabular-nums',
    },
  }),
});
