import { css } from '@emotion/css';
import type { GrafanaTheme2, TimeRange } from '@grafana/data';
import { Alert, LoadingPlaceholder, useStyles2 } from '@grafana/ui';
import React, { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Page, TableColumn, TableData, WholeRow } from '../data/TableData';
import { type Matcher, plainMatcher, type TextSearch } from '../text/compileSearch';
import { readableText } from '../text/readableText';
import { palette } from '../view/palette';
import { Conversation } from './Conversation';
import { CutNote } from './CutNote';
import { type CopyFormat, copyRow, findingText } from './copyRow';
import { copyText } from './copyText';
import { KeysHelp } from './KeysHelp';
import { actionOf, type ReaderAction } from './keys';
import { lazyChunk, useChunk } from './lazyChunk';
import { Nearby, NearbyContext } from './Nearby';
import { jumpTo } from './Outline';
import { permalink } from './permalink';
import { RawView } from './RawView';
import { ReaderHeader } from './ReaderHeader';
import { type KeyPress, ReaderPane } from './ReaderPane';
import { LongFacts, RowFacts } from './RowFacts';
import { cellOf, readOutcome } from './readOutcome';
import { SearchBar } from './SearchBar';
import { readTokens } from './tokens/readTokens';
import { readTranscript, withoutOpening } from './transcript/readTranscript';
import { useFolds } from './useFolds';
import { HIT_NAMES, useTextSearch } from './useTextSearch';
import { useWholeRow } from './useWholeRow';
import { Verdict } from './Verdict';

const tokenView = lazyChunk(() => import('./tokens/TokenView'));

/** A row as parts that are mounted in the reader see it. */
export interface ReadRow {
  rowId: string;
  cells: WholeRow;
  columns: readonly TableColumn[];
}

interface Props {
  data: TableData;
  page: Page;
  /** The row, counted from 0 within the page. */
  row: number;
  columns: readonly TableColumn[];
  timeZone: string;
  /** What the dashboard shows, for links that stay true. */
  timeRange: TimeRange;
  /** All rollouts of the row's prompt; left out where they cannot be told. */
  renderGroup?: (row: ReadRow) => ReactNode;
  /** The step of the row, and the way to others; left out where rows have none. */
  steps?: ReactNode;
  /** Shows the step after, or before, on the same prompt. */
  onStep: (by: -1 | 1) => void;
  /** Whether the group shows; it stays so from row to row. */
  hasGroup: boolean;
  onGroup: (isShown: boolean) => void;
  /** What the table is searched for, and what finds it. */
  search?: TextSearch | undefined;
  matcher?: Matcher | undefined;
  onMove: (by: -1 | 1) => void;
  onClose: () => void;
}

/** A row, whole: its conversation as turns, its answer and its values, beside the table. */
export function Reader(props: Props) {
  const { data, page, row, columns, timeZone, timeRange, renderGroup, hasGroup, onGroup, onMove, onClose } = props;
  const styles = useStyles2(getStyles);
  const open = useWholeRow(data, page, row);
  const { cells, rowId } = open;
  const index = page.offset + row;
  const cut = data.cutIn?.(rowId);
  // An answer stands at the end of what was said.
  const isEndCut = columns.some(({ name, role }) => (role === 'response' || role === 'messages') && cut?.has(name));
  const [shown, show] = useState<'turns' | 'raw' | 'tokens'>('turns');
  const [isFull, setFull] = useState(false);
  const [hasHelp, setHelp] = useState(false);
  const [searched, setSearched] = useState<string>();
  const [ended, setEnded] = useState<TextSearch>();
  const [said, say] = useState('');
  const body = useRef<HTMLDivElement | null>(null);
  const sections = useMemo(() => (cells ? readRow(cells, columns) : []), [cells, columns]);
  const outcome = useMemo(() => cells && readOutcome(cells, columns, sections), [cells, columns, sections]);
  // What the table is searched for is found in its rows, too, until the viewer ends that.
  const given = props.search && props.search !== ended ? props.search : undefined;
  const searchText = searched ?? given?.text;
  const own = useMemo(() => (searched ? plainMatcher({ text: searched, mode: 'plain' }) : undefined), [searched]);
  const matcher = searched === undefined ? given && props.matcher : own;
  const tokens = useMemo(() => cells && readTokens(cellOf(cells, columns, 'tokens')), [cells, columns]);
  const can = {
    previous: index > 0,
    next: index + 1 < page.total,
    tokens: tokens !== undefined,
    group: renderGroup !== undefined,
    copy: !!cells,
  };
  const isRaw = shown === 'raw';
  // It stays chosen from row to row, and waits for one that has such data.
  const isByToken = shown === 'tokens' && tokens !== undefined;
  const byToken = useChunk(tokenView, isByToken);
  const folds = useFolds(rowId, matcher !== undefined);
  const search = useTextSearch(body, matcher);
  const turn = useRef(-1);

  const [nearby, setNearby] = useState<Nearby>();
  const focusBody = useCallback((element: HTMLDivElement | null) => {
    body.current = element;
    if (!element) {
      return;
    }
    element.focus({ preventScroll: true });
    setNearby(new Nearby(element));
  }, []);
  useEffect(() => () => nearby?.dispose(), [nearby]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new row is read from its beginning
  useEffect(() => {
    body.current?.scrollTo({ top: 0 });
    turn.current = -1;
  }, [rowId]);

  const copy = async (text: string, what: string) => {
    const isCopied = body.current !== null && (await copyText(text, body.current));
    say(isCopied ? `${what} copied` : 'The browser does not let this page copy');
  };
  const jump = (by: -1 | 1) => {
    const count = sections.reduce((sum, { turns }) => sum + turns.length, 0);
    const to = Math.min(Math.max(turn.current + by, 0), count - 1);
    if (jumpTo(to)) {
      turn.current = to;
    }
  };
  const closeSearch = () => {
    setSearched(undefined);
    setEnded(props.search);
    body.current?.focus({ preventScroll: true });
  };
  const actions: Record<ReaderAction, () => void> = {
    next: () => can.next && onMove(1),
    previous: () => can.previous && onMove(-1),
    nextTurn: () => jump(1),
    previousTurn: () => jump(-1),
    nextStep: () => props.onStep(1),
    previousStep: () => props.onStep(-1),
    search: () => setSearched(searchText ?? ''),
    thinking: folds.toggleThinking,
    raw: () => show(isRaw ? 'turns' : 'raw'),
    tokens: () => can.tokens && show(isByToken ? 'turns' : 'tokens'),
    group: () => can.group && onGroup(!hasGroup),
    full: () => {
      setFull(!isFull);
      // The edge goes away, and may have had the focus.
      body.current?.focus({ preventScroll: true });
    },
    finding: () => {
      if (cells) {
        const link = permalink(window.location.href, timeRange);
        void copy(findingText(cells, columns, sections, String(getSelection() ?? ''), link), 'Finding');
      }
    },
    help: () => setHelp(!hasHelp),
    close: () => (hasHelp ? setHelp(false) : searchText === undefined ? onClose() : closeSearch()),
  };
  const onKeyDown = (event: KeyPress) => {
    const action = actionOf(event);
    if (action) {
      event.preventDefault();
      // Grafana has keys of its own, such as `f` or `?`.
      event.stopPropagation();
      actions[action]();
    }
  };
  const step = cells && cellOf(cells, columns, 'step');
  const stepText = readableText(step);
  return (
    <ReaderPane label={`Row ${index + 1} of ${page.total}`} isFull={isFull} onKeyDown={onKeyDown}>
      <ReaderHeader
        title={`Row ${index + 1} of ${page.total}${stepText && ` · step ${stepText}`}`}
        subtitle={data.label}
        can={can}
        is={{
          raw: isRaw,
          tokens: isByToken,
          full: isFull,
          group: hasGroup,
          help: hasHelp,
          thinking: folds.thinking === true,
        }}
        onAction={(action) => actions[action]()}
        onCopy={(format: CopyFormat) => cells && void copy(copyRow(format, cells, sections), 'Row')}
      />
      {searchText !== undefined && (
        <SearchBar
          text={searchText}
          search={search}
          hasFocus={searched !== undefined}
          onChange={setSearched}
          onClose={closeSearch}
        />
      )}
      <div ref={focusBody} className={styles.body} tabIndex={-1}>
        <div className={styles.column}>
          {props.steps}
          {hasHelp && <KeysHelp />}
          {open.fault !== undefined && (
            <Alert title="The row could not be read" severity="error" buttonContent="Retry" onRemove={open.retry}>
              {open.fault}
            </Alert>
          )}
          {open.fault === undefined && !cells && <LoadingPlaceholder text="Loading the whole row…" />}
          {cells && outcome && nearby && (
            <NearbyContext.Provider value={nearby}>
              <RowFacts cells={cells} columns={columns} timeZone={timeZone} />
              <CutNote cut={cut} />
              {!isEndCut && <Verdict outcome={outcome} />}
              {hasGroup && renderGroup?.({ rowId, cells, columns })}
              {isRaw && <RawView key={rowId} cells={cells} columns={columns} />}
              {isByToken && !byToken && <LoadingPlaceholder text="Loading the tokens…" />}
              {isByToken && byToken && (
                <byToken.TokenView
                  key={rowId}
                  tokens={tokens}
                  response={readableText(cellOf(cells, columns, 'response'))}
                />
              )}
              {!isRaw && !isByToken && (
                <>
                  <Conversation
                    key={rowId}
                    sections={sections}
                    columns={columns}
                    folds={folds}
                    tokens={tokens?.texts.length}
                  />
                  <LongFacts key={`${rowId} facts`} cells={cells} columns={columns} />
                </>
              )}
            </NearbyContext.Provider>
          )}
        </div>
      </div>
      <div role="status" className={styles.said}>
        {said}
      </div>
    </ReaderPane>
  );
}

function readRow(cells: WholeRow, columns: readonly TableColumn[]) {
  return withoutOpening(
    readTranscript({
      prompt: cellOf(cells, columns, 'prompt'),
      response: cellOf(cells, columns, 'response'),
      messages: cellOf(cells, columns, 'messages'),
    }),
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  body: css({
    flex: 1,
    minHeight: 0,
    overflow: 'auto',
    outline: 'none',
    [`& *::highlight(${HIT_NAMES.all})`]: { background: '#ffd54a', color: '#000' },
    [`& *::highlight(${HIT_NAMES.current})`]: { background: '#ff9830', color: '#000' },
  }),
  column: css({
    display: 'flex',
    flexDirection: 'column',
    gap: theme.spacing(1.5),
    maxWidth: 1100,
    margin: '0 auto',
    padding: theme.spacing(1.5),
  }),
  said: css({
    position: 'absolute',
    bottom: theme.spacing(1),
    left: '50%',
    transform: 'translateX(-50%)',
    padding: theme.spacing(0.5, 1.5),
    borderRadius: theme.shape.radius.default,
    background: palette(theme).background.secondary,
    boxShadow: theme.shadows.z2,
    '&:empty': { display: 'none' },
  }),
});
