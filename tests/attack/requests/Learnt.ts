/** What answers bring that later requests may ask with. */
export const LEARNT = ['asOf', 'rowId', 'cursor', 'ticket', 'upload', 'mlflowRun', 'media'] as const;
export type LearntKind = (typeof LEARNT)[number];

/** Values of a kind that are kept: the earliest ones, and the newest. */
const EARLIEST = 3;
const KEPT = 10;
const MARK = /__([A-Za-z]+)_(\d)__/g;

/** Stands in a request for a value of this kind: nothing in it changes by percent-encoding or as JSON. */
export const markOf = (kind: LearntKind, index: number) => `__${kind}_${index}__`;

/** Commit positions, row ids, cursors, tickets and the like, as answers brought them. */
export class Learnt {
  readonly #values = new Map<string, string[]>();

  /** Reads what an answer brought, whichever endpoint it came from. */
  note(answer: unknown): void {
    if (typeof answer !== 'object' || answer === null) {
      return;
    }
    const { asOf, rowIds, nextCursor, path, data, run, media } = answer as Record<string, unknown>;
    this.#add('asOf', asOf);
    this.#add('cursor', nextCursor);
    this.#add('media', media);
    for (const rowId of Array.isArray(rowIds) ? rowIds.slice(0, 2) : []) {
      this.#add('rowId', rowId);
    }
    this.#add('ticket', typeof path === 'string' ? path.replace(/^\/exports\//, '') : undefined);
    this.#add('mlflowRun', (run as { info?: { run_id?: unknown } } | undefined)?.info?.run_id);
    const files = (data as { createRunFiles?: { files?: { uploadUrl?: string }[] } } | undefined)?.createRunFiles
      ?.files;
    this.#add('upload', files?.[0]?.uploadUrl?.replace(/^.*\/uploads\//, ''));
  }

  #add(kind: LearntKind, value: unknown): void {
    if (typeof value !== 'string' || value === '') {
      return;
    }
    const known = this.#values.get(kind) ?? [];
    if (known.length >= KEPT) {
      known.splice(EARLIEST, 1);
    }
    known.push(value);
    this.#values.set(kind, known);
  }

  /** The text with every mark replaced; `write` says how a value stands in it. */
  fill(text: string, write: (value: string) => string): string {
    return text.replace(MARK, (mark, kind: string, index: string) => {
      const known = this.#values.get(kind) ?? [];
      const value = known[Number(index) % (known.length || 1)];
      return value === undefined ? mark : write(value);
    });
  }
}
