import type { EventsPost, LabelAnswer, LabelPut, LogRequest, Run, RunFinish, RunPut } from '@rolloscope/contract/types';
import type { Access } from '../Access';
import { LeftOut } from '../formats/LeftOut';
import { InOrder } from '../ingest/InOrder';
import type { RunIndex } from '../runs/RunIndex';
import type { LabelPerson, LogExtras, OpenedRun, OpenRun, PutExtras, Writing } from '../services';
import { soonOrInTurns } from '../Turn';
import type { MediaFiles } from './MediaFiles';
import { keepFound, type Searched, searchMedia } from './MediaIntake';

/** Writes, whoever calls; images and sounds that come within cells are kept as files, with references in their place. */
export class MediaWriting implements Writing {
  /** Log calls of each run. */
  private readonly arrivals = new InOrder();

  constructor(
    private readonly writing: Writing,
    private readonly runIndex: RunIndex,
    private readonly files: MediaFiles,
  ) {}

  async log(id: string, request: LogRequest, access: Access, extras: LogExtras = {}): Promise<{ accepted: number }> {
    const searched = soonOrInTurns(searchMedia(request));
    const ready =
      searched instanceof Promise || searched.found.length > 0
        ? Promise.resolve(searched).then((all) => this.kept(id, all, access, extras))
        : { request, extras };
    return this.arrivals.go(id, ready, (kept) => this.writing.log(id, kept.request, access, kept.extras));
  }

  private async kept(
    id: string,
    { found, request }: Searched,
    access: Access,
    extras: LogExtras,
  ): Promise<{ request: LogRequest; extras: LogExtras }> {
    const run = this.runIndex.seenBy(access).find(id)?.record;
    if (found.length === 0 || !run || !access.writes(run.project)) {
      return { request: request(), extras };
    }
    const leftOut = extras.leftOut ?? new LeftOut(new Set());
    await keepFound(this.files, run, found, leftOut);
    const events = extras.leftOut ? [] : leftOut.events();
    return {
      request: request(),
      extras: events.length > 0 ? { ...extras, events: [...(extras.events ?? []), ...events] } : extras,
    };
  }

  putRun(id: string, body: RunPut, access: Access, extras?: PutExtras): Promise<Run> {
    return this.writing.putRun(id, body, access, extras);
  }

  openRun(run: OpenRun, access: Access): Promise<OpenedRun> {
    return this.writing.openRun(run, access);
  }

  logEvents(id: string, request: EventsPost, access: Access): Promise<{ accepted: number }> {
    return this.writing.logEvents(id, request, access);
  }

  finish(id: string, request: RunFinish, access: Access): Promise<Run> {
    return this.writing.finish(id, request, access);
  }

  label(rowId: string, put: LabelPut, who: LabelPerson, access: Access): Promise<LabelAnswer> {
    return this.writing.label(rowId, put, who, access);
  }

  deleteRun(id: string, access: Access): Promise<{ deleted: string }> {
    return this.writing.deleteRun(id, access);
  }
}
