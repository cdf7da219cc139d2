import { grouped } from '../../grouped';

/** A file that is read, by its path below the folder that was given, and the label of its kind. */
interface ReadFile {
  below: string;
  label: string;
}

interface RunFolders {
  /** Folders of their runs, by file; left out where that is the one that was given. */
  folders: Map<string, string>;
  /** Folders that are read as one run, though each may be one. */
  joined: string[];
}

/** Folders that one run has several of, or that say what is in them. */
const PARTS =
  /^(?:\d+|(?:.*[_.-])?(?:steps?|iter(?:ation)?s?|epochs?|checkpoints?|ckpts?|ranks?|workers?|shards?|parts?|nodes?|procs?|gpus?|batch(?:es)?|rollouts?|episodes?|cycles?|updates?|rounds?|evals?)[_.-]?\d*(?:[_.-]evals?)?|train(?:ing)?|evaluations?|val(?:id(?:ation)?)?|test|samples|generations|completions|trajector(?:y|ies)|traces?|logs?|metrics|outputs?|results|dumps?|data|dashboard(?:_columns)?|all|effective|live|stream|annotations|monitors?|file|actor|critic|ref|policy)$/i;

/**
 * Finds the folders that are runs of their own: several that hold files of the same names, such as `exp1/metrics.jsonl`
 * and `exp2/metrics.jsonl`, where nothing lies beside these folders and their names are not those of steps or of parts
 * of a run.
 */
export function runFolders(files: readonly ReadFile[]): RunFolders {
  const found: RunFolders = { folders: new Map(), joined: [] };
  divide(files, '', found);
  return found;
}

/** `own`: the folder of these files' run, should they be one. */
function divide(files: readonly ReadFile[], own: string, found: RunFolders): void {
  const above = commonFolder(files.map(({ below }) => below));
  const rest = ({ below }: ReadFile) => below.slice(above.length);
  const tops = grouped(files, (file) => rest(file).split('/')[0] ?? '');
  const isFlat = files.some((file) => !rest(file).includes('/'));
  const names = isFlat ? [] : [...tops.keys()].filter((name) => !PARTS.test(name));
  const of = (name: string) => tops.get(name) ?? [];
  const isTwice = (keyOf: (file: ReadFile, name: string) => string) => {
    const keys = names.flatMap((name) => [...new Set(of(name).map((file) => keyOf(file, name)))]);
    return new Set(keys).size < keys.length;
  };
  if (names.length > 1 && isTwice((file, name) => rest(file).slice(name.length))) {
    for (const name of names) {
      divide(of(name), `${above}${name}`, found);
    }
    return;
  }
  if (names.length > 1 && isTwice(({ label }) => label)) {
    found.joined.push(...names.map((name) => `${above}${name}`));
  }
  for (const { below } of own === '' ? [] : files) {
    found.folders.set(below, own);
  }
}

/** Returns the deepest folder that all paths are below, with its slash; empty where there is none. */
function commonFolder(paths: readonly string[]): string {
  const [first = '', ...others] = paths.map((path) => path.slice(0, path.lastIndexOf('/') + 1));
  let common = first;
  for (const other of others) {
    while (!other.startsWith(common)) {
      common = common.slice(0, common.lastIndexOf('/', common.length - 2) + 1);
    }
  }
  return common;
}
