import type { Access } from '../Access';
import { Recent } from '../Recent';
import type { RunBook } from '../runs/RunBook';
import { StoreError } from '../StoreError';
import { RunSession } from './RunSession';

/** Sessions in memory; the one not used for longest goes first, and is read anew from its notes. */
const MOST = 5_000;

/** Finds W&B runs in the store. W&B's run ids are unique in a project, the store's are unique over all. */
export class RunSessions {
  private readonly sessions = new Recent<Promise<RunSession>>(MOST);

  constructor(
    private readonly book: RunBook,
    private readonly notesOf: (run: string) => Promise<Map<string, string>>,
  ) {}

  /** The ids under which a run may be kept: its own, else, where another project's run has that, with its project. */
  idsOf(project: string, name: string): string[] {
    const qualified = `${project}/${name}`;
    const isOurs = (id: string) => this.book.get(id)?.record.project === project;
    const known = [qualified, name].find(isOurs);
    return known === undefined ? [name, qualified].filter((id) => !this.book.get(id)) : [known];
  }

  /** Undefined for a run that is not there, or not of a project that may be written. */
  async find(project: string, name: string, access: Access): Promise<RunSession | undefined> {
    const [id = ''] = this.idsOf(project, name);
    return this.book.get(id) && access.writes(project) ? this.open(id, project) : undefined;
  }

  async require(project: string, name: string, access: Access): Promise<RunSession> {
    const session = await this.find(project, name, access);
    if (!session) {
      throw new StoreError('run_not_found', `There is no run ${JSON.stringify(name)} in ${JSON.stringify(project)}.`);
    }
    return session;
  }

  open(id: string, project: string): Promise<RunSession> {
    // A run that was deleted and made again is another one, with notes of its own.
    const { key } = this.book.get(id)?.record ?? {};
    const name = `${key} ${id}`;
    const session = this.sessions.use(name, () =>
      this.notesOf(id).then((notes) => new RunSession(id, project, key, notes)),
    );
    session.catch(() => this.sessions.delete(name));
    return session;
  }
}
