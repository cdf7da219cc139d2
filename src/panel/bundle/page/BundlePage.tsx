import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Input, useStyles2, useTheme2 } from '@grafana/ui';
import React, { useMemo, useState } from 'react';
import { escapeLine } from '../../../shared/escapeText';
import { palette } from '../../../shared/palette';
import { cellReward } from '../../data/cellValues';
import type { Page } from '../../data/TableData';
import { useLoaded } from '../../data/useLoaded';
import { LazyGroup } from '../../group/LazyGroup';
import type { Side } from '../../group/readSamples';
import { MediaContext, type MediaPlace } from '../../media/MediaContext';
import { Reader } from '../../reader/Reader';
import { plainMatcher } from '../../text/compileSearch';
import { countText } from '../../text/countText';
import type { Bundle } from '../Bundle';
import { AboutFile } from './AboutFile';
import { rewardPaint } from './paintReward';
import { RowList } from './RowList';
import { idOf, tableOf } from './readBundle';

/** The whole page: what the file is, its rollouts, and the reader beside them. */
export function BundlePage({ bundle }: { bundle: Bundle }) {
  const styles = useStyles2(getStyles);
  const theme = useTheme2();
  const table = useMemo(() => tableOf(bundle), [bundle]);
  const paintOf = useMemo(() => rewardPaint(table.columns, theme), [table, theme]);
  const [text, setText] = useState('');
  const [openId, setOpenId] = useState<string | undefined>(idOf(bundle.opened.row));
  const [hasGroup, setGroup] = useState(bundle.opened.hasGroup);
  const search = text === '' ? undefined : ({ text, mode: 'plain' } as const);
  const matcher = useMemo(() => (text === '' ? undefined : plainMatcher({ text, mode: 'plain' })), [text]);
  const all = { orderBy: [], offset: 0, limit: table.total, columns: [] };
  const found = useLoaded(text, (signal) => table.loadPage({ ...all, search }, signal));
  const whole = table.pageNow(all) as Page;
  const page = found.value ?? whole;
  const at = rowOf(page, openId);
  const media = useMemo<MediaPlace>(
    () => ({ urlOf: (ref) => bundle.media[ref.media], offersRemote: false, seen: new Set() }),
    [bundle],
  );
  const compared = useMemo(() => sidesOf(bundle, table.columns, whole), [bundle, table, whole]);
  return (
    <main className={styles.page}>
      <h1 className={styles.title}>{escapeLine(bundle.title)}</h1>
      <AboutFile bundle={bundle} />
      <div className={styles.tools}>
        <Input
          type="search"
          aria-label="Search all rollouts"
          placeholder="Search all rollouts"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <span role="status">
          {text === '' ? countText(whole.total, 'rollout') : `${page.total} of ${countText(whole.total, 'rollout')}`}
        </span>
      </div>
      <RowList
        page={page}
        columns={table.columns}
        timeZone={bundle.timeZone}
        open={openId}
        paintOf={paintOf}
        onOpen={(row) => setOpenId(page.rowId(row))}
      />
      {at !== undefined && (
        <MediaContext.Provider value={media}>
          <Reader
            data={table}
            page={page}
            row={at}
            columns={table.columns}
            timeZone={bundle.timeZone}
            link={() => bundle.link ?? ''}
            alerts={undefined}
            hasGroup={hasGroup}
            onGroup={setGroup}
            search={search}
            matcher={matcher}
            renderGroup={(row) => (
              <LazyGroup
                data={table}
                {...row}
                paintOf={paintOf}
                compared={compared}
                onOpenRow={(of, place) => {
                  const id = of.rowId(place);
                  if (rowOf(page, id) === undefined) {
                    setText('');
                  }
                  setOpenId(id);
                }}
              />
            )}
            onMove={(by) => setOpenId(page.rowId(at + by))}
            onClose={() => setOpenId(undefined)}
          />
        </MediaContext.Provider>
      )}
    </main>
  );
}

function rowOf(page: Page, id: string | undefined): number | undefined {
  const at = Array.from({ length: page.count }, (_, row) => page.rowId(row)).indexOf(id ?? '');
  return at < 0 ? undefined : at;
}

/** The two rollouts that were compared when the file was made. */
function sidesOf({ opened }: Bundle, columns: ReturnType<typeof tableOf>['columns'], page: Page) {
  const reward = columns.find(({ role }) => role === 'reward')?.name;
  const side = (row: number): Side => ({
    page,
    row,
    rowId: page.rowId(row),
    name: `#${row + 1}`,
    reward: reward === undefined ? undefined : cellReward(page.cell(row, reward)),
  });
  return opened.compared && { first: side(opened.compared[0]), second: side(opened.compared[1]) };
}

const getStyles = (theme: GrafanaTheme2) => ({
  page: css({ padding: theme.spacing(2), boxSizing: 'border-box', minHeight: '100vh' }),
  title: css({
    margin: theme.spacing(0, 0, 1),
    fontSize: theme.typography.h3.fontSize,
    fontWeight: theme.typography.fontWeightMedium,
    overflowWrap: 'anywhere',
  }),
  tools: css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1),
    maxWidth: 520,
    margin: theme.spacing(1, 0),
    color: palette(theme).text.secondary,
    whiteSpace: 'nowrap',
  }),
});
