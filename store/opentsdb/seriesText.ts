import type { Turn } from '../Turn';
import type { TsdbSeries } from './combine';
import type { Datapoints } from './series';

interface TextOptions {
  /** `[[time, value], …]` instead of `{"time": value, …}`. */
  arrays: boolean;
  /** Keys of points are milliseconds, not seconds. */
  inMilliseconds: boolean;
}

/** Series of one query, and what is repeated of it with each of them: JSON, or nothing. */
export interface Answered {
  series: readonly TsdbSeries[];
  echo: string | undefined;
}

/** Characters of a piece. */
const PIECE = 65_536;
/** Datapoints that are made between two looks at the clock. */
const LOOK_EVERY = 16;

/**
 * The answer to a request, in pieces. Each point is made as it is told, and others have their turn in between. Of several
 * points in one second the last is given; what JSON cannot carry is left out.
 */
export async function* seriesText(
  answered: readonly Answered[],
  options: TextOptions,
  turn: Turn,
): AsyncGenerator<string> {
  let text = '[';
  let separator = '';
  for (const { series, echo } of answered) {
    for (const { metric, tags, aggregateTags, datapoints } of series) {
      const head = JSON.stringify({ metric, tags, aggregateTags }).slice(0, -1);
      text += `${separator}${head}${echo === undefined ? '' : `,"query":${echo}`},"dps":${options.arrays ? '[' : '{'}`;
      separator = ',';
      let looked = 0;
      for (const point of pointTexts(datapoints, options)) {
        text += point;
        if (++looked % LOOK_EVERY === 0) {
          if (turn.isOver) {
            await turn.next();
          }
          if (text.length > PIECE) {
            yield text;
            text = '';
          }
        }
      }
      text += options.arrays ? ']}' : '}}';
      if (text.length > PIECE || turn.isOver) {
        yield text;
        text = '';
        await turn.next();
      }
    }
  }
  yield `${text}]`;
}

/** The text of each point, or nothing for a datapoint that is not told. */
function* pointTexts(datapoints: Datapoints, { arrays, inMilliseconds }: TextOptions): Generator<string> {
  let key: number | undefined;
  let held = 0;
  let separator = '';
  const tell = () => {
    const text = arrays ? `${separator}[${key},${held}]` : `${separator}"${key}":${held}`;
    separator = ',';
    return text;
  };
  for (const { time, value } of datapoints) {
    const next = inMilliseconds ? time : Math.floor(time / 1_000);
    const isTold = Number.isFinite(value);
    yield isTold && key !== undefined && key !== next ? tell() : '';
    if (isTold) {
      key = next;
      held = value;
    }
  }
  if (key !== undefined) {
    yield tell();
  }
}
