/** What has no unit of Grafana's has its word beside the axis: behind every tick it would be noise. */
const TOKENS = 'tokens';
const TOKENS_PER_SECOND = 'tokens/s';
const WORDS: ReadonlySet<string> = new Set([TOKENS, TOKENS_PER_SECOND]);

/** Grafana's unit, or a word, for a metric, by words of its name as trainers write them; the first that fits counts. */
const UNITS: ReadonlyArray<[pattern: RegExp, unit: string]> = [
  [/^timing_per_token_ms\/|(^|[/_])(ms|milliseconds)$/, 'ms'],
  [
    /^(timing_s|time|timing)\/|(^|\/)time_per_step$|_seconds$|(^|\/)(seconds|[a-z]+Seconds)(\/|$)|(^|[/_])(duration|elapsed)(_s)?$/,
    's',
  ],
  [/(^|[/_])(tokens_per_sec(ond)?|tokens_per_second_per_gpu|tgs|throughput)$/, TOKENS_PER_SECOND],
  // Importance ratios, such as actor/ratio/mean, are around 1 and no share of anything.
  [
    /^test\/.*\/correct$|(^|[/_.-])(acc|accuracy|pass@?\d+|pass_at_\d+|win_rate|solve_rate|success_rate)([/_@.]|$)/i,
    'percentunit',
  ],
  [
    /(^|[/_])(clip_?ratio|clip_?frac(tion)?|clipped_ratio|pg_clipfrac|mfu|truncated(_ratio|_rate)?)([/_]|$)/,
    'percentunit',
  ],
  [/(^|\/)(frac|fraction|share)_|(^|[/_])zero_(spread|std)(_ratio)?$/, 'percentunit'],
  [
    /(^|[/_])(prompt|response|completion|completions|sequence|seq|output)[/_]?(mean_|min_|max_)?(length|len|seqlen)([/_]|$)/,
    TOKENS,
  ],
  [/(^|[/_])(max_)?memory\w*_gb$|_gb$/i, 'decgbytes'],
  [/_bytes$/, 'bytes'],
];

/** The unit that a metric's name tells; most are plain numbers. Shares that reach beyond 1 were logged in percent. */
export function metricUnit(metric: string, highest = 0): string | undefined {
  const unit = UNITS.find(([pattern]) => pattern.test(metric))?.[1];
  return unit === 'percentunit' && highest > 1.5 ? 'percent' : unit;
}

/** The same as parts of a field's config: the unit, and what its custom part says of the axis. */
export function unitConfig(metric: string, values: readonly number[] = []): UnitConfig {
  const highest = values.reduce((most, value) => (Number.isFinite(value) && value > most ? value : most), 0);
  const unit = metricUnit(metric, highest);
  return unit === undefined ? {} : WORDS.has(unit) ? { unit: 'short', axisLabel: unit } : { unit };
}

interface UnitConfig {
  unit?: string;
  axisLabel?: string;
}
