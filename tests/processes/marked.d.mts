/** The variable that names the test process from which a program came, however far down. */
export const MARK: string;

/**
 * What a test process is named in the environment of its programs: by the id of the process that runs all tests, and by its
 * own; without the latter, this is how the marks of all of a run begin.
 */
export function markOf(run: number, own?: number): string;

/**
 * Programs that came from a test process and have not ended, by a mark or how it begins. Linux alone tells what is in an
 * environment; elsewhere there are none.
 */
export function markedProcesses(mark: string): Array<{ pid: number; command: string }>;

/**
 * Ends these programs, and whole process groups, by SIGKILL. All are found before any is ended, since some are known by
 * their parents only. Returns how many bore the mark.
 */
export function endMarked(mark: string, groups?: number[]): number;
