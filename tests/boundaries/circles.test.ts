import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { imports, sources } from './imports';

/*
 * What belongs together is in one file, and what is used by others does not use them. Types count: who reads one file of a
 * circle has to read all of them.
 */

const FOLDERS = ['contract', 'store', 'src', 'preview', 'examples'];

/** By file, or folder: what it imports of the others. */
type Graph = ReadonlyMap<string, ReadonlySet<string>>;

function fileGraph(): Graph {
  const files = new Set(FOLDERS.flatMap(sources));
  const fileOf = (target: string) =>
    [target, `${target}.ts`, `${target}.tsx`, `${target}/index.ts`].find((one) => files.has(one));
  const graph = new Map<string, Set<string>>([...files].map((file) => [file, new Set()]));
  for (const { from, to } of FOLDERS.flatMap((folder) => imports(folder))) {
    const file = fileOf(to.replace(/^@rolloscope\//, ''));
    if (file !== undefined && file !== from) {
      graph.get(from)?.add(file);
    }
  }
  return graph;
}

/** The same of folders; one within another is a part of it. */
function folderGraph(files: Graph): Graph {
  const graph = new Map<string, Set<string>>();
  for (const [from, all] of files) {
    for (const to of all) {
      const [one, other] = [posix.dirname(from), posix.dirname(to)];
      const isPart = one === other || one.startsWith(`${other}/`) || other.startsWith(`${one}/`);
      if (!isPart) {
        graph.set(one, (graph.get(one) ?? new Set()).add(other));
      }
    }
  }
  return graph;
}

/** What comes back to itself, the shortest way round; each circle once. */
function circles(graph: Graph): string[] {
  const found = new Set<string>();
  for (const start of graph.keys()) {
    const way = wayBack(graph, start);
    if (way) {
      const least = way.reduce((at, one, i) => (one < (way[at] ?? '') ? i : at), 0);
      found.add([...way.slice(least), ...way.slice(0, least)].join(' → '));
    }
  }
  return [...found].sort();
}

function wayBack(graph: Graph, start: string): string[] | undefined {
  const cameFrom = new Map<string, string>();
  const next = [start];
  for (let at = next.shift(); at !== undefined; at = next.shift()) {
    for (const to of graph.get(at) ?? []) {
      if (to === start) {
        const way = [at];
        for (let before = cameFrom.get(at); before !== undefined; before = cameFrom.get(before)) {
          way.unshift(before);
        }
        return way;
      }
      if (!cameFrom.has(to)) {
        cameFrom.set(to, at);
        next.push(to);
      }
    }
  }
  return undefined;
}

describe('nothing comes back to itself', () => {
  const files = fileGraph();

  it('sees the circles that there are', () => {
    const graph = new Map([
      ['a', new Set(['b'])],
      ['b', new Set(['c', 'd'])],
      ['c', new Set(['a'])],
      ['d', new Set<string>()],
    ]);
    expect(circles(graph)).toEqual(['a → b → c']);
    expect(files.size).toBeGreaterThan(500);
    expect([...files.values()].reduce((sum, all) => sum + all.size, 0)).toBeGreaterThan(2_000);
  });

  it('no file', () => {
    expect(circles(files)).toEqual([]);
  });

  it('no folder of the plugins', () => {
    const plugins = new Map([...folderGraph(files)].filter(([folder]) => folder.startsWith('src/')));
    expect(circles(plugins)).toEqual([]);
  });
});
