import assert from 'node:assert/strict';
import type { MetricValue, Series } from '@rolloscope/contract/types';
import { type Check, metricOf, reads } from '../Check';

type Points = Pick<Series, 'step' | 'time' | 'value'>;

const pointsOf = ({ step, time, value }: Points) => step.map((s, i) => JSON.stringify([s, time[i], value[i]]));
const isNumber = (value: MetricValue): value is number => typeof value === 'number';

/** Reading metrics, on whatever the sample holds. */
export const metrics: Check[] = [
  reads('gives a metric as columns of equal length, steps strictly ascending', async (scene) => {
    const { runs, metric } = metricOf(scene);
    const { series } = await scene.store.ask('queryMetrics', { body: { runs, metrics: [metric], reduce: 'none' } });
    assert.ok(series.length > 0);
    for (const { step, time, value } of series) {
      assert.equal(time.length, step.length);
      assert.equal(value.length, step.length);
      const steps = step.filter((one) => one !== null);
      assert.ok(
        steps.every((one, i) => i === 0 || one > (steps[i - 1] ?? 0)),
        'effective history is strictly ascending',
      );
    }
  }),

  reads('keeps the first, lowest, highest and last points, the same every time', async (scene) => {
    const { runs, metric } = metricOf(scene);
    const body = { runs: [runs[0]], metrics: [metric] };
    const whole = (await scene.store.ask('queryMetrics', { body: { ...body, reduce: 'none' } })).series[0];
    const asked = { ...body, maxPoints: 16 };
    const [one, two] = [
      (await scene.store.ask('queryMetrics', { body: asked })).series[0],
      (await scene.store.ask('queryMetrics', { body: asked })).series[0],
    ];
    assert.ok(whole && one && two);
    assert.ok(one.step.length <= 16, `at most maxPoints, not ${one.step.length}`);
    assert.deepEqual(one, two, 'the same on every reading');
    assert.equal(one.totalPoints, whole.step.length);
    const logged = new Set(pointsOf(whole));
    assert.ok(
      pointsOf(one).every((point) => logged.has(point)),
      'only logged points',
    );
    assert.equal(pointsOf(one)[0], pointsOf(whole)[0]);
    assert.equal(pointsOf(one).at(-1), pointsOf(whole).at(-1));
    const finite = whole.value.filter(isNumber);
    for (const extreme of [Math.min(...finite), Math.max(...finite)]) {
      assert.ok(one.value.includes(extreme), `the extreme ${extreme} is kept`);
    }
    const strange = whole.value.find((value) => !isNumber(value));
    assert.ok(strange === undefined || one.value.some((value) => !isNumber(value)), 'non-finite points are kept');
  }),

  reads('bounds a reading by steps and by times, inclusive', async (scene) => {
    const { runs, metric } = metricOf(scene);
    const body = { runs: [runs[0]], metrics: [metric], reduce: 'none' };
    const whole = (await scene.store.ask('queryMetrics', { body })).series[0];
    assert.ok(whole);
    const middle = Math.floor(whole.step.length / 2);
    const step = whole.step[middle] ?? 0;
    const one = (await scene.store.ask('queryMetrics', { body: { ...body, steps: { from: step, to: step } } }))
      .series[0];
    assert.deepEqual(one?.step, [step]);
    const time = whole.time[middle] ?? 0;
    const since = (await scene.store.ask('queryMetrics', { body: { ...body, times: { from: time } } })).series[0];
    assert.equal(since?.step.length, whole.time.filter((t) => t >= time).length);
  }),

  reads('finds metrics by glob, and says what is missing', async (scene) => {
    const { runs, metric } = metricOf(scene);
    const glob = `${metric.slice(0, Math.ceil(metric.length / 2))}*`;
    const answer = await scene.store.ask('queryMetrics', {
      body: { runs: [...runs, 'no-such-run'], metrics: [glob, 'no-such-metric'] },
    });
    assert.ok(
      answer.series.some((series) => series.metric === metric),
      `${glob} finds ${metric}`,
    );
    assert.deepEqual(answer.missing?.runs, ['no-such-run']);
    assert.deepEqual(answer.missing?.metrics, ['no-such-metric']);
  }),

  reads('reads by wall time, and against another metric', async (scene) => {
    const { runs, metric } = metricOf(scene);
    const body = { runs: [runs[0]], metrics: [metric], reduce: 'none' };
    const byTime = (await scene.store.ask('queryMetrics', { body: { ...body, x: 'time' } })).series[0];
    assert.ok(
      byTime?.time.every((t, i) => i === 0 || t >= (byTime.time[i - 1] ?? 0)),
      'by time means ascending times',
    );
    const against = (await scene.store.ask('queryMetrics', { body: { ...body, x: { metric } } })).series[0];
    assert.deepEqual(against?.x, against?.value, 'a metric against itself is the diagonal');
  }),

  reads('has nothing new since the moment that it gave out', async (scene) => {
    const { runs, metric } = metricOf(scene);
    // Of a run that is over, so that nothing is logged in between.
    const first = await scene.store.ask('queryMetrics', { body: { runs, metrics: [metric] } });
    const again = await scene.store.ask('queryMetrics', { body: { runs, metrics: [metric], asOf: first.asOf } });
    assert.deepEqual(again.series, first.series, 'the same moment reads the same');
    const since = await scene.store.ask('queryMetrics', {
      body: { runs, metrics: [metric], since: first.asOf, asOf: first.asOf },
    });
    const points = since.series.reduce((sum, { step }) => sum + step.length, 0);
    assert.ok(since.reset || points === 0, `nothing is new, but ${points} points came`);
  }),
];
