import type { LabelSource } from '@rolloscope/contract/frames';
import type { Label, LabelsAnswer } from '@rolloscope/contract/types';
import { faultText } from '../../data/faultText';

/** A person's star, verdict and comment on a rollout. */
export interface Said {
  star: boolean;
  verdict: string | null;
  comment: string | null;
}

/** The state of a rollout's labels, as it shows. */
export interface LabelsState {
  /** The store's answer; undefined until it is known. */
  answer: LabelsAnswer | undefined;
  /** The signed-in person's label, with what is on its way. */
  own: Said;
  isSaving: boolean;
  /** The reason why the last change, or look, came to nothing. */
  fault: string | undefined;
  /** The person's label before the last change; undefined where there is nothing to take back. */
  before: Said | undefined;
}

const NOTHING: Said = { star: false, verdict: null, comment: null };
/** Milliseconds between two looks at what others say; a look costs the store two short reads. */
const LOOK = 3_000;

const saidBy = (label: Label | undefined): Said =>
  label ? { star: label.star, verdict: label.verdict ?? null, comment: label.comment ?? null } : NOTHING;

/** Says whether a label says anything; one that was taken back does not. */
export const says = ({ star, verdict, comment }: Label): boolean =>
  star || verdict !== undefined || comment !== undefined;

/**
 * The labels of one rollout: they follow what others say, and what the person changes shows at once, and is taken back,
 * with the reason, where it could not be saved. It knows no screen: `useRowLabels` draws it.
 */
export class RowLabels {
  private readonly listeners = new Set<() => void>();
  private state: LabelsState = {
    answer: undefined,
    own: NOTHING,
    isSaving: false,
    fault: undefined,
    before: undefined,
  };
  /** One change after another: each is made of the version that the one before left. */
  private queue: Promise<unknown> = Promise.resolve();
  private waiting = 0;

  constructor(
    private readonly source: Pick<LabelSource, 'rowLabels' | 'putLabel'>,
    private readonly rowId: string,
    /** The signed-in person. */
    private readonly person: string,
    /** Is told of what could not be saved when nobody looks any more. */
    private readonly onLost: (fault: string) => void,
  ) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly getState = (): LabelsState => this.state;

  /** Looks, and looks again, until the function that it returns is called. A page in the background does not look. */
  follow(isSeen: () => boolean): () => void {
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = async () => {
      if (this.waiting === 0 && (isSeen() || !this.state.answer)) {
        await this.look(abort.signal);
      }
      // Where nobody can label, nothing will be said.
      if (!abort.signal.aborted && this.state.answer?.taken !== false) {
        timer = setTimeout(look, LOOK);
      }
    };
    void look();
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }

  /** Resolves with whether it was saved. */
  change(changes: Partial<Said>): Promise<boolean> {
    this.waiting++;
    this.set({ own: { ...this.state.own, ...changes }, isSaving: true, fault: undefined });
    const saved = this.queue.then(() => this.save(changes));
    this.queue = saved;
    return saved;
  }

  /** Says again what was said before the last change. */
  async undo(): Promise<boolean> {
    const { before } = this.state;
    const isSaved = before !== undefined && (await this.change(before));
    if (isSaved) {
      this.set({ before: undefined });
    }
    return isSaved;
  }

  private get stored(): Label | undefined {
    return this.state.answer?.labels.find(({ person }) => person === this.person);
  }

  private async save(changes: Partial<Said>): Promise<boolean> {
    const stored = this.stored;
    try {
      const { label } = await this.source.putLabel(this.rowId, {
        person: this.person,
        version: stored?.version ?? 0,
        ...changes,
      });
      this.waiting--;
      this.take(label);
      this.set({ before: saidBy(stored) });
      return true;
    } catch (cause) {
      this.waiting--;
      const fault = faultText(cause);
      const isConflict = (cause as { code?: unknown } | null)?.code === 'label_conflict';
      if (isConflict) {
        await this.look(new AbortController().signal);
      }
      this.set({ own: saidBy(this.stored), isSaving: this.waiting > 0, fault: isConflict ? CONFLICT : fault });
      if (this.listeners.size === 0) {
        this.onLost(isConflict ? CONFLICT : fault);
      }
      return false;
    }
  }

  /** A label as the store has it now. */
  private take(label: Label): void {
    const { answer } = this.state;
    const isSaving = this.waiting > 0;
    if (answer) {
      const others = answer.labels.filter(({ person }) => person !== label.person);
      const isNew = !answer.history.some(({ person, version }) => person === label.person && version === label.version);
      const history = isNew ? [...answer.history, label] : answer.history;
      const changes = answer.changes + (isNew ? 1 : 0);
      this.set({ answer: { ...answer, labels: [...others, label], history, changes } });
    }
    // Later changes of the person are on their way, and show already.
    this.set(isSaving ? {} : { own: saidBy(label), isSaving });
  }

  private async look(signal: AbortSignal): Promise<void> {
    const { answer } = this.state;
    try {
      const found = await this.source.rowLabels(this.rowId, answer?.asOf, signal);
      if (signal.aborted || this.waiting > 0) {
        return;
      }
      const now = found.same && answer ? { ...answer, asOf: found.asOf } : found;
      this.set({ answer: now });
      if (!found.same) {
        this.set({ own: saidBy(this.stored) });
      }
    } catch (cause) {
      // What is known stays; the next look says whether it is back.
      if (!signal.aborted && !answer) {
        this.set({ fault: faultText(cause) });
      }
    }
  }

  private set(part: Partial<LabelsState>): void {
    this.state = { ...this.state, ...part };
    for (const listener of [...this.listeners]) {
      listener();
    }
  }
}

const CONFLICT =
  'You changed this label in another window meanwhile. Here is what it says now; nothing was overwritten.';
