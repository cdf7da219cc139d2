import type { TurnKind } from '@rolloscope/contract/names';
import { turnMilliseconds } from '@rolloscope/contract/readTurns';
import type { Turn } from '@rolloscope/contract/types';
import { escapeLine } from '../../../shared/escapeText';
import { countText } from '../../text/countText';
import { formatNumber } from '../../text/formatNumber';
import { formatSeconds } from '../../text/formatSeconds';
import type { Timeline } from './readTimeline';

export const KIND_NAMES: Record<TurnKind, string> = {
  generate: 'Generating',
  tool: 'Tools',
  environment: 'Environment',
  queue: 'Waiting',
};

const ONE: Record<TurnKind, string> = {
  generate: 'generating',
  tool: 'tool',
  environment: 'environment',
  queue: 'waiting',
};

const NAME_CHARS = 60;
const ERROR_CHARS = 200;

/** A name or text that anybody may have written, on one line. */
const shortText = (text: string, most = NAME_CHARS) => {
  const characters = [...text.slice(0, 2 * most)];
  const isLong = characters.length > most || text.length > 2 * most;
  return escapeLine(characters.slice(0, most).join('')) + (isLong ? '…' : '');
};

/** Says what a turn is: `bash`, `generating`, `environment scoring`. */
function turnName({ kind, tool }: Turn): string {
  if (tool === undefined || tool.trim() === '') {
    return ONE[kind];
  }
  return kind === 'tool' ? shortText(tool) : `${ONE[kind]} ${shortText(tool)}`;
}

function timeText(turn: Turn): string | undefined {
  const time = turnMilliseconds(turn);
  return time === undefined ? undefined : formatSeconds(time / 1_000);
}

/** All that is known of a turn, in words. */
export function turnWords({ bars, measure }: Timeline, at: number): string {
  const bar = bars[at];
  if (!bar) {
    return '';
  }
  const { turn, from, to } = bar;
  const { start, end, tokensIn, tokensOut, reward, policyVersion, finishReason, parent, error, content } = turn;
  const first = bars.reduce(
    (least, { turn: one }) => Math.min(least, one.start ?? one.end ?? least),
    start ?? end ?? 0,
  );
  const length =
    measure === 'characters' || measure === 'tokens' ? countText(to - from, measure.slice(0, -1)) : undefined;
  return [
    `Turn ${(at + 1).toLocaleString('en')} of ${bars.length.toLocaleString('en')}: ${turnName(turn)}`,
    timeText(turn) ?? (measure === 'milliseconds' ? 'no times' : undefined),
    length,
    start === undefined ? undefined : `began at ${formatSeconds((start - first) / 1_000)}`,
    tokensIn === undefined ? undefined : `${countText(tokensIn, 'token')} in`,
    tokensOut === undefined || measure === 'tokens' ? undefined : `${countText(tokensOut, 'token')} out`,
    reward === undefined ? undefined : `reward ${formatNumber(reward)}`,
    policyVersion === undefined ? undefined : `policy ${policyVersion}`,
    finishReason === undefined ? undefined : `ended by ${shortText(finishReason)}`,
    parent === undefined ? undefined : `a branch from turn ${(parent + 1).toLocaleString('en')}`,
    error === undefined ? undefined : `error: ${shortText(error, ERROR_CHARS)}`,
    bar.said === undefined && content !== undefined ? `“${shortText(content, ERROR_CHARS)}”` : undefined,
  ]
    .filter((one) => one !== undefined)
    .join(' · ');
}

/** `Slowest: bash, 41 s of 63 s`. */
export function slowestWords({ bars, slowest, seconds }: Timeline): string | undefined {
  const turn = slowest === undefined ? undefined : bars[slowest]?.turn;
  return turn && `Slowest: ${turnName(turn)}, ${timeText(turn)} of ${formatSeconds(seconds ?? 0)}`;
}
