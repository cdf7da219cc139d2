import { describe, expect, it } from 'vitest';
import { type Import, imports, read, sources } from './imports';

const offenders = (all: Import[], allowed: (one: Import) => boolean) =>
  all.filter((one) => !allowed(one)).map(({ from, to }) => `${from} → ${to}`);

const isIn = (folder: string) => (one: Import) => one.to.startsWith(`${folder}/`);
const isContract = ({ to }: Import) => to.startsWith('@rolloscope/contract');

describe('imports run one way', () => {
  it('sees the imports that are there', () => {
    expect(imports('contract').length).toBeGreaterThan(20);
    expect(imports('src').some(isContract)).toBe(true);
    expect(imports('store').some(isContract)).toBe(true);
  });

  it('contract imports the schema library only', () => {
    expect(offenders(imports('contract'), (one) => isIn('contract')(one) || one.to === 'typebox')).toEqual([]);
  });

  it.each(['app', 'datasource', 'metrics', 'panel', 'shared'])(
    'src/%s imports no other part but what is shared',
    (part) => {
      const free = [
        /^@rolloscope\/contract\/(types|names|addresses|bins|charCount|conditions|csv|evals|exactJson|fitsGlob|frames|isObject|jobOf|jsonCell|judged|limits|lenses|mediaCell|mergeSince|oddPoints|readTurns|smooth|texts|thinkClosed|tokenMismatch|turnTimes)$/,
        /^@grafana\//,
        /^rxjs/,
        /^react(-dom)?$/,
      ];
      const libraries = ['@emotion/css', 'lodash', 'diff', 're2js', 'temml', 'lowlight', 'mdast-util-from-markdown'];
      const families = /^(mdast|hast|mdast-util-gfm-table|micromark-.*|highlight\.js\/lib\/languages\/.*)$/;
      // A saved file is a page of its own, with a React of its own (docs/decisions/bundle.md).
      const ofPage = ['react-dom/client', '@emotion/css/create-instance'];
      const allowed = (one: Import) =>
        isIn(`src/${part}`)(one) ||
        (one.from.startsWith('src/panel/bundle/') && ofPage.includes(one.to)) ||
        isIn('src/shared')(one) ||
        free.some((pattern) => pattern.test(one.to)) ||
        libraries.includes(one.to) ||
        families.test(one.to);
      expect(offenders(imports(`src/${part}`), allowed)).toEqual([]);
    },
  );

  it('store never imports the plugin, the preview or the examples', () => {
    const allowed = (one: Import) => isIn('store')(one) || !/^(src|preview|examples|tests)\//.test(one.to);
    expect(offenders(imports('store'), allowed)).toEqual([]);
  });

  it('only store/engine knows a database', () => {
    const drivers = imports('store').filter(({ to }) => to.startsWith('@duckdb/'));
    expect(drivers.length).toBeGreaterThan(0);
    expect(drivers.filter(({ from }) => !from.startsWith('store/engine/duckdb/'))).toEqual([]);
  });

  it('only one file of the store knows which engines there are', () => {
    for (const [folder, word] of [
      ['store/engine/duckdb', /duckdb/i],
      ['store/engine/clickhouse', /from '.*(clickhouse|postgres)/i],
    ] as const) {
      const engine = imports('store').filter((one) => isIn(folder)(one) && !isIn(folder)({ ...one, to: one.from }));
      expect([...new Set(engine.map(({ from }) => from))]).toEqual(['store/engine/openEngine.ts']);
      const named = sources('store').filter((file) => !file.startsWith(`${folder}/`) && !/\.test\.ts$/.test(file));
      expect(named.filter((file) => word.test(read(file)))).toEqual(['store/engine/openEngine.ts']);
    }
  });

  it('only store/app.ts wires the halves together', () => {
    const wires = (folder: string) =>
      imports('store').filter((one) => isIn(folder)(one) && !one.typeOnly && !one.from.startsWith(`${folder}/`));
    const wired = ['store/http', 'store/engine/openEngine.ts'].flatMap(wires).map(({ from }) => from);
    expect([...new Set(wired)].filter((from) => !/^store\/(app|cli\/.*|testing\/.*)\.ts$/.test(from))).toEqual([]);
  });

  it.each(['preview', 'examples'])('%s talks HTTP and imports no other part', (part) => {
    const allowed = (one: Import) =>
      isIn(part)(one) || isContract(one) || !/^(src|store|preview|examples)\//.test(one.to);
    expect(offenders(imports(part), allowed)).toEqual([]);
  });

  it('tests start programs by tests/processes alone, which sees to their end', () => {
    const starters = ['.config', 'contract', 'store', 'src', 'preview', 'examples', 'tests']
      .flatMap(sources)
      .filter((file) => file.startsWith('tests/') || /\.test\.tsx?$/.test(file))
      .filter((file) =>
        /import \{[^}]*\b(spawn|exec|execFile|fork)\b[^}]*\} from 'node:child_process'/.test(read(file)),
      );
    expect(starters).toEqual(['tests/processes/startProcess.ts']);
  });
});
