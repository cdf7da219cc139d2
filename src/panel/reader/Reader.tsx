import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Alert, LoadingPlaceholder, useStyles2 } from '@grafana/ui';
import type { LabelSource } from '@rolloscope/contract/frames';
import React, { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { palette } from '../../shared/palette';
import type { RunAlerts } from '../alerts/useRunAlerts';
import type { Page, TableColumn, TableData } from '../data/TableData';
import type { Matcher, TextSearch } from '../text/compileSearch';
import { readableText } from '../text/readableText';
import { jumpTo } from './conversation/jumpTo';
import { turnId } from './conversation/turnTitle';
import { useDrawnTurns } from './conversation/useDrawnTurns';
import { useFolds } from './conversation/useFolds';
import { KeysHelp } from './KeysHelp';
import { actionOf, type ReaderAction } from './keys';
import { LabelBar } from './labels/LabelBar';
import { useRowLabels } from './labels/useRowLabels';
import { NearbyContext } from './lazy/Nearby';
import { useReaderBody } from './lazy/useReaderBody';
import { ReaderBody, type ReadingForm } from './ReaderBody';
import { ReaderHeader } from './ReaderHeader';
import { type KeyPress, ReaderPane } from './ReaderPane';
import { CutNote } from './row/CutNote';
import { type CopyFormat, copyRow, findingText } from './row/copyRow';
import { copyText } from './row/copyText';
import { EvidenceNote } from './row/EvidenceNote';
import { RowFacts } from './row/RowFacts';
import { type ReadRow, readRow } from './row/readRow';
import { useWholeRow } from './row/useWholeRow';
import { SearchBar } from './search/SearchBar';
import { useFocused } from './search/useFocused';
import { useRowSearch } from './search/useRowSearch';
import { HIT_NAMES, useTextSearch } from './search/useTextSearch';
import { useTimeline } from './timeline/useTimeline';
import { readTokens } from './tokens/readTokens';
import { cellOf, readOutcome } from './verdict/readOutcome';
import { Verdict } from './verdict/Verdict';

interface Props {
  data: TableData;
  page: Page;
  /** The row, counted from 0 within the page. */
  row: number;
  columns: readonly TableColumn[];
  timeZone: string;
  /** An address that shows the row tomorrow, too. */
  link: () => string;
  /** All rollouts of the row's prompt; left out where they cannot be told. */
  renderGroup?: (row: ReadRow) => ReactNode;
  /** The step of the row, and the way to others; left out where rows have none. */
  steps?: ReactNode;
  /** The way to alert rules about the row's run; undefined where rows lead to none. */
  alerts: RunAlerts | undefined;
  /** The source of people's labels of rollouts; left out where rows are no store's. */
  labels?: LabelSource | undefined;
  /** Shows the step after, or before, on the same prompt; left out where steps do not show. */
  onStep?: (by: -1 | 1) => void;
  /** True while the group shows; it stays so from row to row. */
  hasGroup: boolean;
  onGroup: (isShown: boolean) => void;
  /** The table's search, and what finds it. */
  search?: TextSearch | undefined;
  matcher?: Matcher | undefined;
  /** Saves the row, or its group, as a file of its own; left out where it is in one already. */
  onSave?: (row: ReadRow, isGroup: boolean) => void;
  /** A dialog is before it. */
  isBehind?: boolean;
  onMove: (by: -1 | 1) => void;
  onClose: () => void;
}

const NO_SAVE: readonly ReaderAction[] = ['save'];
const NO_STEPS: readonly ReaderAction[] = ['nextStep', 'previousStep'];

/** A row, whole: its conversation as turns, its answer and its values, beside the table. */
export function Reader(props: Props) {
  const { data, page, row, timeZone, renderGroup, hasGroup, onGroup, onMove, onClose } = props;
  // A whole row has more than the table.
  const columns = useMemo(() => [...props.columns, ...(data.apart ?? [])], [props.columns, data]);
  const styles = useStyles2(getStyles);
  const open = useWholeRow(data, page, row);
  const { cells, rowId } = open;
  const index = page.offset + row;
  const cut = data.cutIn?.(rowId);
  // An answer stands at the end of what was said.
  const isEndCut = columns.some(({ name, role }) => (role === 'response' || role === 'messages') && cut?.has(name));
  const [shown, show] = useState<ReadingForm>('turns');
  const [isFull, setFull] = useState(false);
  const [hasHelp, setHelp] = useState(false);
  const [said, say] = useState('');
  const labels = useRowLabels(props.labels, rowId);
  const [isWriting, setWriting] = useState(false);
  const [drafts, setDrafts] = useState<ReadonlyMap<string, string>>(new Map());
  const { body, setBody, nearby } = useReaderBody(useFocused());
  const sections = useMemo(() => (cells ? readRow(cells, columns) : []), [cells, columns]);
  const outcome = useMemo(() => cells && readOutcome(cells, columns, sections), [cells, columns, sections]);
  const { text: searchText, matcher, isOwn, ...searching } = useRowSearch(props.search, props.matcher);
  const tokens = useMemo(() => cells && readTokens(cellOf(cells, columns, 'tokens')), [cells, columns]);
  const can = {
    previous: index > 0,
    next: index + 1 < page.total,
    tokens: tokens !== undefined,
    group: renderGroup !== undefined,
    copy: !!cells,
    save: !!cells && props.onSave !== undefined,
  };
  // Tokens stay chosen from row to row, and wait for one that has such data.
  const form = shown === 'tokens' && !can.tokens ? 'turns' : shown;
  const folds = useFolds(rowId, matcher !== undefined);
  const drawn = useDrawnTurns(rowId);
  const walkWorst = useRef<(by: -1 | 1) => void>(null);
  const times = useTimeline(rowId, cells && cellOf(cells, columns, 'turns'), sections);
  const search = useTextSearch(body, matcher);
  const turn = useRef(-1);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new row is read from its beginning
  useEffect(() => {
    body.current?.scrollTo({ top: 0 });
    turn.current = -1;
    setWriting(false);
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
  /** Goes to a turn of the timeline, and to what was said in it. */
  const goToTurn = (at: number) => {
    times.setActive(at);
    const said = times.timeline?.bars[at]?.said;
    if (said !== undefined) {
      show('turns');
      folds.toggle(turnId(said), false);
      drawn.go(said);
      turn.current = said;
    }
  };
  const closeSearch = () => {
    searching.end();
    body.current?.focus({ preventScroll: true });
  };
  const mayLabel = labels?.answer !== undefined && labels.why === undefined;
  const giveVerdict = (digit: number) => {
    const verdict = labels?.answer?.verdicts[digit - 1];
    if (mayLabel && verdict !== undefined) {
      void labels.change({ verdict: labels.own.verdict === verdict ? null : verdict });
    }
  };
  const actions: Record<ReaderAction, () => void> = {
    next: () => can.next && onMove(1),
    previous: () => can.previous && onMove(-1),
    nextTurn: () => jump(1),
    previousTurn: () => jump(-1),
    timeline: () => {
      times.setOpen(true);
      // Its bars may only now be drawn.
      requestAnimationFrame(() => times.strip.current?.focus());
    },
    slowest: () => times.timeline?.slowest !== undefined && goToTurn(times.timeline.slowest),
    nextStep: () => props.onStep?.(1),
    previousStep: () => props.onStep?.(-1),
    search: () => searching.start(searchText ?? ''),
    thinking: folds.toggleThinking,
    raw: () => show(form === 'raw' ? 'turns' : 'raw'),
    tokens: () => can.tokens && show(form === 'tokens' ? 'turns' : 'tokens'),
    nextWorst: () => walkWorst.current?.(1),
    previousWorst: () => walkWorst.current?.(-1),
    group: () => can.group && onGroup(!hasGroup),
    full: () => {
      setFull(!isFull);
      // The edge goes away, and may have had the focus.
      body.current?.focus({ preventScroll: true });
    },
    star: () => mayLabel && void labels.change({ star: !labels.own.star }),
    verdict: () => undefined,
    comment: () => mayLabel && setWriting(true),
    undo: () => mayLabel && labels.before !== undefined && void labels.undo(),
    finding: () => {
      if (cells) {
        void copy(findingText(cells, columns, sections, String(getSelection() ?? ''), props.link()), 'Finding');
      }
    },
    save: () => cells && props.onSave?.({ rowId, cells, columns }, hasGroup),
    help: () => setHelp(!hasHelp),
    close: () => (hasHelp ? setHelp(false) : searchText === undefined ? onClose() : closeSearch()),
  };
  const onKeyDown = (event: KeyPress) => {
    const action = actionOf(event);
    if (action) {
      event.preventDefault();
      // Grafana has keys of its own, such as `f` or `?`.
      event.stopPropagation();
      if (action === 'verdict') {
        giveVerdict(Number(event.key));
      } else {
        actions[action]();
      }
    }
  };
  const run = props.alerts && cells?.get(props.alerts.column);
  const step = cells && cellOf(cells, columns, 'step');
  const stepText = readableText(step);
  return (
    <ReaderPane
      label={`Row ${index + 1} of ${page.total}`}
      isFull={isFull}
      isBehind={props.isBehind === true}
      onKeyDown={onKeyDown}
    >
      <ReaderHeader
        title={`Row ${index + 1} of ${page.total}${stepText && ` · step ${stepText}`}`}
        subtitle={data.label}
        can={can}
        is={{
          raw: form === 'raw',
          tokens: form === 'tokens',
          full: isFull,
          group: hasGroup,
          help: hasHelp,
          thinking: folds.thinking === true,
        }}
        watch={props.alerts && typeof run === 'string' && run !== '' ? { alerts: props.alerts, run } : undefined}
        onAction={(action) => actions[action]()}
        onCopy={(format: CopyFormat) => cells && void copy(copyRow(format, cells, sections), 'Row')}
      />
      {labels && !labels.isVain && (
        <LabelBar
          key={rowId}
          labels={labels}
          timeZone={timeZone}
          isWriting={isWriting}
          onWriting={setWriting}
          draft={drafts.get(rowId)}
          onDraft={(text) =>
            setDrafts(
              new Map([...drafts].filter(([id]) => id !== rowId).concat(text === undefined ? [] : [[rowId, text]])),
            )
          }
        />
      )}
      {searchText !== undefined && (
        <SearchBar
          text={searchText}
          search={search}
          hasFocus={isOwn}
          onChange={searching.start}
          onClose={closeSearch}
        />
      )}
      {times.View && times.timeline && (
        <times.View
          // Another row begins with its bars at their shortest.
          key={rowId}
          timeline={times.timeline}
          body={body}
          row={rowId}
          strip={times.strip}
          active={times.active}
          onActive={times.setActive}
          onGo={goToTurn}
          isOpen={times.isOpen}
          onToggle={() => times.setOpen(!times.isOpen)}
        />
      )}
      <div ref={setBody} className={styles.body} tabIndex={-1}>
        <div className={styles.column}>
          {props.steps}
          {hasHelp && <KeysHelp without={[...(props.onSave ? [] : NO_SAVE), ...(props.onStep ? [] : NO_STEPS)]} />}
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
              <EvidenceNote
                evidence={cells.evidence}
                onShow={(text, isRaw) => {
                  show(isRaw ? 'raw' : 'turns');
                  searching.start(text);
                }}
              />
              {!isEndCut && <Verdict outcome={outcome} />}
              {hasGroup && renderGroup?.({ rowId, cells, columns })}
              <ReaderBody
                key={rowId}
                cells={cells}
                columns={columns}
                sections={sections}
                tokens={tokens}
                shown={form}
                folds={folds}
                drawn={drawn}
                walk={walkWorst}
                badges={times.badges}
              />
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
