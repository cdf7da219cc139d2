import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { collectedIn, figuresTable, GOALS, note } from './figures';

const folder = mkdtempSync(join(tmpdir(), 'rolloscope-figures-'));
const path = join(folder, 'figures.jsonl');
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

it('a row for every goal says what was measured, whether that is enough, and what stands beside it', () => {
  writeFileSync(path, '');
  vi.stubEnv(Object.keys(collectedIn(path))[0] ?? '', path);
  note('curvesByStep', { value: 30, spread: [14, 40], baseline: { name: 'another', value: 15 } });
  note('smallBatches', { value: 4_000 });
  note('smallBatches', { value: 9_000 });
  note('start', { value: 1_000 });
  note('panels', { value: 24, baseline: { name: 'another', value: 10 } });
  const [head = '', ...rows] = figuresTable(path);
  const rowOf = (id: keyof typeof GOALS) => rows[Object.keys(GOALS).indexOf(id)];
  expect(rows).toHaveLength(Object.keys(GOALS).length);
  expect(head).toMatch(/^what +median +spread +goal +met +beside/);
  expect(rowOf('curvesByStep')).toMatch(/by step +30 ms +14 to 40 +at most 15 ms +no, 2 x +2 x another \(15 ms\)$/);
  expect(rowOf('smallBatches')).toMatch(/9,000 rows\/s +at least 8,000 rows\/s +yes$/);
  expect(rowOf('start')).toMatch(/1,000 ms +at most 1,000 ms +yes$/);
  expect(rowOf('panels')).toMatch(/24 ms +at most 1.1 x what is beside it +no, 2.2 x +2.4 x another \(10 ms\)$/);
  expect(rowOf('keys')).toMatch(/not measured +at most 20 ms$/);
});
