import type { LogEntry } from '@rolloscope/contract/types';
import type { Access } from '../Access';
import { CLOCK, type Clock } from '../Clock';
import { isEvalLine, tableOfCompletions } from '../formats/evalCompletions';
import type { LeftOut } from '../formats/LeftOut';
import { readObject } from '../formats/readObject';
import { textsTable } from '../formats/texts';
import type { RunIndex } from '../runs/RunIndex';
import type { Writing } from '../services';
import { Turn } from '../Turn';
import { CONSOLE_LINES, CONSOLE_TABLE, consoleRows, cutLine, lastLines } from './consoleRows';
import { historyEntries } from './historyEntries';
import type { LoggedBefore } from './LoggedBefore';
import { type HistoryLine, readHistoryLine, readSummary } from './readHistoryLine';
import { keepText } from './seenTexts';
import type { Chunk, StreamRequest } from './streamRequest';
import type { TableJoin } from './TableJoin';
import { markResume, takeUnseen, type WandbRunState } from './WandbRunState';
import type { WandbSession } from './WandbSession';

/** Tables of a run whose files have not come. */
const MOST_PENDING = 1_000;
/** Lists of images of a run whose files have not come. */
const MOST_LISTS = 50;
const LATE = 'tables whose files did not come';
/**
 * Milliseconds after the end of a shared run within which lines of its other writers are the last ones of theirs. Only one
 * of them tells the end, and it need not be the last.
 */
const FAREWELL_MS = 5 * 60_000;
/** Lines of the console that are remembered to tell an overwritten one. */
const RECENT_LINES = 1_000;

/** A line of history as it is to be logged. */
interface LineToLog {
  line: HistoryLine;
  number: number;
  entries: LogEntry[];
  tables: Array<HistoryLine['tables'][number] & { step: number | null }>;
  lists: Array<HistoryLine['lists'][number] & { step: number | null }>;
}

/** Takes W&B's file stream: every line once, by run, file and offset, however often a client sends it. */
export class FileStream {
  constructor(
    private readonly runIndex: RunIndex,
    private readonly writing: Writing,
    private readonly tables: TableJoin,
    private readonly logged: LoggedBefore,
    private readonly clock: Clock = CLOCK,
  ) {}

  /** `writer` tells the writers of a shared run apart. */
  async take(session: WandbSession, request: StreamRequest, writer: string, access: Access): Promise<void> {
    if (request.history && request.exitCode === undefined && session.state.axes.length === 0) {
      await session.settled();
    }
    await session.alone(async () => {
      const state = structuredClone(session.state);
      const leftOut = session.leavesOut();
      const history = request.history ? await this.history(session, state, request.history, writer, leftOut) : [];
      const entries = [
        ...history,
        ...(request.events ? await this.systemMetrics(state, request.events, writer) : []),
        ...(request.summary ? await this.summary(session, state, request.summary, history, leftOut) : []),
      ];
      const shown = request.console ? this.console(session, state, request.console, writer) : [];
      if (request.exitCode !== undefined) {
        shown.push(...session.consoleTail);
        session.consoleTail = [];
      }
      if (shown.length > 0) {
        entries.push({ tables: { [CONSOLE_TABLE]: consoleRows(shown, this.now()) } });
      }
      await session.log(this.writing, access, {
        entries,
        state,
        ...(request.preempting && { events: [this.preempting()] }),
        leftOut,
        maxAttempts: state.resumes + 1,
        keepsState: await this.isLate(session, writer, access),
      });
      await this.tables.join(session, access, request.exitCode !== undefined);
      if (request.exitCode !== undefined) {
        await this.tellMissing(session, access);
        await this.writing.finish(session.id, { state: request.exitCode === 0 ? 'finished' : 'failed' }, access);
        session.endedAt = this.clock.steady();
      }
    });
  }

  /** Tables of a run that is over and whose files the client gave up: it does where the answer with their address was cut. */
  private async tellMissing(session: WandbSession, access: Access): Promise<void> {
    const leftOut = session.leavesOut();
    for (const path of Object.keys(session.state.pending)) {
      leftOut.add(LATE, path);
    }
    await session.tell(this.writing, access, leftOut, this.now());
  }

  private async history(
    session: WandbSession,
    state: WandbRunState,
    chunk: Chunk,
    writer: string,
    leftOut: LeftOut,
  ): Promise<LogEntry[]> {
    const key = fileKey('history', writer);
    const before = state.files[key]?.lines ?? 0;
    const { lines, restarted } = takeUnseen(state, key, chunk, tellLine);
    if (restarted) {
      markResume(state);
    }
    const known = state.last.time;
    const read: LineToLog[] = [];
    const turn = new Turn();
    for (const { number, text } of lines) {
      const line = await readHistoryLine(text, `Line ${number} of the history`);
      const { entries, stepOf } = historyEntries(state, line, number);
      state.isEval = isEvalLine(Object.keys(line.metrics)) ?? state.isEval ?? false;
      const tables = line.tables.map((one) => ({
        ...one,
        table: tableOfCompletions(one.table, state.isEval),
        step: stepOf(one.table),
      }));
      const lists = line.lists.map((one) => ({ ...one, step: stepOf(one.table) }));
      read.push({ line, number, entries, tables, lists });
      if (turn.isOver) {
        await turn.next();
      }
    }
    // A client that takes up a run is told how far it came, and appends what it has, also what it sent before.
    const older = read.filter(({ line }) => writer === '' && line.time !== undefined && line.time <= (known ?? 0));
    const again = older.length === 0 ? new Set() : await this.logged.among(session.id, older);
    const fresh = read.filter((one) => !again.has(one));
    if (again.size > 0) {
      // The next client is told how many lines there are, not how many were sent.
      const taken = state.files[key];
      const end = Math.max(before, ...fresh.map(({ number }) => number + 1));
      state.files[key] = { first: '', ...taken, lines: end };
    }
    return fresh.flatMap(({ line, number, entries, tables, lists }) => {
      const time = line.time ?? this.now();
      const come = { time, since: this.clock.steady(), resumes: state.resumes, rows: 0 };
      for (const { path, ...table } of tables) {
        state.pending[path] ??= { ...table, ...come };
        this.boundPending(state, leftOut);
      }
      for (const list of lists) {
        state.pending[`${fileKey('images', writer)} ${number} ${list.table}`] ??= {
          ...list,
          ...come,
          isIncrement: true,
        };
        this.boundPending(state, leftOut);
      }
      for (const [name, text] of Object.entries(line.texts)) {
        keepText(state, name, text);
      }
      for (const { name, type } of line.media) {
        leftOut.add(`W&B ${type}`, name);
      }
      state.last = newest(state.last, line);
      return entries;
    });
  }

  /**
   * Says whether a writer of a shared run goes on a little after another one told its end: that reopens nothing. One
   * that goes on for long reopens the run, whose end nobody will tell then.
   */
  private async isLate(session: WandbSession, writer: string, access: Access): Promise<boolean> {
    const { finishedAt, project } = this.runIndex.get(session.id)?.record ?? {};
    const isKnown = writer !== '' && Object.keys(session.state.files).some((file) => file.endsWith(` ${writer}`));
    if (!isKnown || finishedAt === undefined || project === undefined) {
      return false;
    }
    // An earlier process heard it; its clock may have been another one: it counts from the first line that came since.
    session.endedAt ??= this.clock.steady();
    if (this.clock.steady() - session.endedAt < FAREWELL_MS) {
      return true;
    }
    session.endedAt = undefined;
    await this.writing.putRun(session.id, { project }, access, { endsSilently: true });
    return false;
  }

  private now(): number {
    return this.clock.now();
  }

  /** Files that never come must not gather without end. */
  private boundPending(state: WandbRunState, leftOut: LeftOut): void {
    const paths = Object.keys(state.pending);
    const lists = paths.filter((path) => state.pending[path]?.images);
    for (const path of [...paths.slice(0, -MOST_PENDING), ...lists.slice(0, -MOST_LISTS)]) {
      delete state.pending[path];
      leftOut.add(LATE, path);
    }
  }

  /** Points of machines have a time and no step. */
  private async systemMetrics(state: WandbRunState, chunk: Chunk, writer: string): Promise<LogEntry[]> {
    const { lines } = takeUnseen(state, fileKey('events', writer), chunk, tellLine);
    const turn = new Turn();
    const logged: LogEntry[] = [];
    for (const { number, text } of lines) {
      const { time, metrics } = await readHistoryLine(text, `Line ${number} of the system metrics`);
      logged.push({ metrics, ...(time !== undefined && { time }) });
      if (turn.isOver) {
        await turn.next();
      }
    }
    return logged;
  }

  /** Numbers and texts of the summary that no history line had: a run's own summary of itself. They have no step. */
  private async summary(
    session: WandbSession,
    state: WandbRunState,
    { content }: Chunk,
    history: readonly LogEntry[],
    leftOut: LeftOut,
  ): Promise<LogEntry[]> {
    const { _step, _runtime, _timestamp, _wandb, ...values } = await readObject(content.at(-1) ?? '{}', 'The summary');
    const latest = this.runIndex.get(session.id)?.latest;
    const logged = new Set(history.flatMap(({ metrics }) => Object.keys(metrics ?? {})));
    const { metrics, texts } = readSummary(values);
    const own = Object.entries(metrics).filter(([name, value]) => {
      const known = latest?.get(name);
      return !logged.has(name) && (!known || (known.step === null && !Object.is(known.value, Number(value))));
    });
    const fresh = Object.entries(texts).filter(([name, text]) => {
      const seen = keepText(state, name, text);
      if (seen === 'full') {
        leftOut.add('W&B texts of the summary, beyond 500 names', name);
      }
      return seen === 'new';
    });
    const time = this.now();
    return [
      ...(own.length > 0 ? [{ time, metrics: Object.fromEntries(own) }] : []),
      ...(fresh.length > 0 ? [{ time, tables: textsTable(fresh) }] : []),
    ];
  }

  /** New lines, and lines that were overwritten; beyond the limit the last ones wait for the end of the run. */
  private console(session: WandbSession, state: WandbRunState, chunk: Chunk, writer: string) {
    const file = fileKey('console', writer);
    const before = state.files[file]?.lines ?? 0;
    const { lines, restarted } = takeUnseen(state, file, chunk, (text) => text.slice(0, 100));
    const overwritten = chunk.content
      .map((text, i) => ({ number: chunk.offset + i, text }))
      .filter(
        ({ number, text }) =>
          !restarted && number < before && (session.consoleLines.get(number) ?? tell(text)) !== tell(text),
      );
    const fresh = [...overwritten, ...lines].map(({ number, text }) => ({ number, text: cutLine(text) }));
    for (const { number, text } of fresh) {
      session.consoleLines.set(number, tell(text));
    }
    for (const number of session.consoleLines.keys()) {
      if (session.consoleLines.size <= RECENT_LINES) {
        break;
      }
      session.consoleLines.delete(number);
    }
    const kept = fresh.slice(0, Math.max(0, CONSOLE_LINES - state.consoleLines));
    state.consoleLines += kept.length;
    session.consoleTail = lastLines([...session.consoleTail, ...fresh.slice(kept.length)]);
    return kept;
  }

  private preempting() {
    const time = this.now();
    return {
      id: `preempting-${time}`,
      type: 'preempting',
      time,
      title: 'The run says that it is about to be preempted',
    };
  }
}

/** Enough of a console line to see that it changed. */
const tell = (line: string) => {
  const text = cutLine(line);
  let hash = text.length;
  for (let i = 0; i < text.length; i++) {
    hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  }
  return hash;
};

const fileKey = (file: string, writer: string) => (writer === '' ? file : `${file} ${writer}`);

/** A line by what no other line has; the order of its fields, and how numbers are written, change with every sending. */
function tellLine(text: string): string {
  const field = (name: string) => Number(new RegExp(`"${name}":([^,}]*)`).exec(text)?.[1] ?? Number.NaN);
  return `${field('_step')} ${field('_timestamp')} ${field('_runtime')}`;
}

function newest(last: WandbRunState['last'], { step, runtime, time }: HistoryLine): WandbRunState['last'] {
  return {
    ...last,
    ...(step !== undefined && { step: Math.max(step, last.step ?? step) }),
    ...(runtime !== undefined && { runtime: Math.max(runtime, last.runtime ?? runtime) }),
    ...(time !== undefined && { time: Math.max(time, last.time ?? time) }),
  };
}
