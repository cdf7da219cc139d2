import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Engine } from '../Engine';
import { attemptsConformance } from './attempts';
import { commitsConformance } from './commits';
import { deletesConformance } from './deletes';
import { EngineUnderTest, type OpenEngine } from './EngineUnderTest';
import { labelsConformance } from './labels';
import { lensesConformance } from './lenses';
import { momentsConformance } from './moments';
import { pointsConformance } from './points';
import { rowMetricsConformance } from './rowMetrics';
import { rowsConformance } from './rows';
import { seriesConformance } from './series';
import { summariesConformance } from './summaries';
import { upkeepConformance } from './upkeep';
import { valuesConformance } from './values';

/** All that the interface has: a member that is added to it is missing here, and then has no test. */
const MEMBERS: Record<keyof Engine, true> = {
  adapterState: true,
  backup: true,
  batchIds: true,
  bytesOfRuns: true,
  close: true,
  columnCount: true,
  commit: true,
  countRows: true,
  eventMarks: true,
  events: true,
  facets: true,
  findBatches: true,
  firstRows: true,
  forgetBatches: true,
  grid: true,
  groups: true,
  histogram: true,
  knownPoints: true,
  labelCount: true,
  labelledAt: true,
  labelsOf: true,
  latestPoints: true,
  loadRuns: true,
  loggedSteps: true,
  metricRoom: true,
  metricSummaries: true,
  newestBatch: true,
  newestPoints: true,
  openedAt: true,
  opening: true,
  patternFault: true,
  position: true,
  reached: true,
  readAhead: true,
  readsFor: true,
  requireRoom: true,
  replaced: true,
  reserveRows: true,
  rolloutOf: true,
  rowById: true,
  rowNumbers: true,
  rows: true,
  rowsAtSteps: true,
  rowsByNumber: true,
  rowsOfRollout: true,
  series: true,
  size: true,
  storeId: true,
  tableColumns: true,
  tableRoom: true,
  tableSummaries: true,
  tablesOf: true,
  timeSeries: true,
  upkeep: true,
};

/** Tests what every engine must do, whatever it stands on. */
export function engineConformance(name: string, open: OpenEngine): void {
  const used = new Set<string>();
  const store = new EngineUnderTest(async (folder) => watched(await open(folder), used));
  describe(`${name} as an engine`, () => {
    beforeEach(() => store.begin());
    afterEach(() => store.end());
    describe('values', () => valuesConformance(store));
    describe('commits', () => commitsConformance(store));
    describe('points', () => pointsConformance(store));
    describe('series', () => seriesConformance(store));
    describe('rows', () => rowsConformance(store));
    describe('metrics of rows', () => rowMetricsConformance(store));
    describe('lenses, groups and distributions', () => lensesConformance(store));
    describe('labels', () => labelsConformance(store));
    describe('what there is', () => summariesConformance(store));
    describe('attempts', () => attemptsConformance(store));
    describe('deletes', () => deletesConformance(store));
    describe('moments', () => momentsConformance(store));
    describe('upkeep', () => upkeepConformance(store));

    it('has been asked for all that it offers', () => {
      expect(Object.keys(MEMBERS).filter((member) => !used.has(member))).toEqual([]);
    });
  });
}

/** The engine, whose members are noted as they are used. */
function watched(engine: Engine, used: Set<string>): Engine {
  return new Proxy(engine, {
    get(target, member) {
      used.add(String(member));
      const value: unknown = Reflect.get(target, member);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
