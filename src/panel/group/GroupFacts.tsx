import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Badge, Icon, useStyles2 } from '@grafana/ui';
import React from 'react';
import { palette } from '../../shared/palette';
import { countText } from '../text/countText';
import { formatNumber } from '../text/formatNumber';
import { ADVANTAGE_FORMULAS, recomputeAdvantages } from './advantages';
import { describeGroup } from './describeGroup';
import type { Sample } from './readSamples';

interface Props {
  samples: readonly Sample[];
  total: number;
  /** Names of all that its rollouts have in common. */
  by: readonly string[];
  /** Others of the group may be elsewhere. */
  isPart: boolean;
}

const FAILED_MEANS = 'Failed: something around the policy gave way, by what the trainer logged of it';

/** The group in numbers, and whether the logged advantages follow from them. */
export function GroupFacts({ samples, total, by, isPart }: Props) {
  const styles = useStyles2(getStyles);
  const rewards = samples.map(({ reward }) => reward);
  const group = describeGroup(rewards);
  const failed = samples.filter(({ failure }) => failure !== null).length;
  const isWhole = samples.length === total;
  const facts: Array<[name: string, value: string, explanation?: string | undefined]> = group
    ? [
        [
          'mean',
          formatNumber(group.mean) + (failed > 0 ? ` of ${group.n}, ${failed} failed` : ''),
          failed > 0 ? FAILED_MEANS : undefined,
        ],
        ['sd over n − 1', formatNumber(group.sampleSd), 'An estimate from a sample, as TRL and verl have it'],
        ['sd over n', formatNumber(group.populationSd), 'The spread of these rollouts'],
        ['lowest', formatNumber(group.min)],
        ['highest', formatNumber(group.max)],
      ]
    : [];
  return (
    <div>
      <div className={styles.line}>
        <h3 className={styles.title}>
          {isPart
            ? `${countText(total, 'rollout')} of its group in this file`
            : total === 1
              ? 'Alone in its group'
              : `Group of ${total}`}
        </h3>
        <span className={styles.faint}>
          {`same ${by.slice(0, -1).join(', ')}${by.length > 1 ? ' and ' : ''}${by.at(-1)}`}
          {isWhole ? '' : `, the first ${samples.length} shown`}
        </span>
        {group?.isFlat && !isPart && (
          <Badge
            color="orange"
            icon="exclamation-triangle"
            text="Zero spread"
            tooltip="All rewards are equal, so every advantage is 0: this group teaches the policy nothing"
          />
        )}
      </div>
      <dl className={styles.facts} hidden={total === 1}>
        {facts.map(([name, value, explanation]) => (
          <div key={name} title={explanation}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {total > 1 && isWhole && !isPart && <AdvantageLine samples={samples} />}
    </div>
  );
}

function AdvantageLine({ samples }: { samples: readonly Sample[] }) {
  const styles = useStyles2(getStyles);
  const advantages = recomputeAdvantages(
    samples.map(({ reward }) => reward),
    samples.map(({ logged }) => logged),
  );
  if (!advantages) {
    return null;
  }
  const { formula, logged } = advantages;
  const verdict = !logged
    ? 'none is logged'
    : logged.agrees
      ? 'as logged'
      : `the logged one follows no usual formula; this one is up to ${formatNumber(logged.largestDifference)} off`;
  return (
    <p className={styles.advantage}>
      advantage = <code>{ADVANTAGE_FORMULAS[formula].text}</code>
      <span className={logged && !logged.agrees ? styles.warning : undefined}>
        <Icon name={!logged ? 'info-circle' : logged.agrees ? 'check' : 'exclamation-triangle'} size="sm" /> {verdict}
      </span>
    </p>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  line: css({ display: 'flex', alignItems: 'baseline', flexWrap: 'wrap', gap: theme.spacing(1) }),
  title: css({ margin: 0, fontSize: theme.typography.h5.fontSize }),
  faint: css({ color: palette(theme).text.secondary, fontSize: theme.typography.bodySmall.fontSize }),
  facts: css({
    '&:not([hidden])': { display: 'flex' },
    flexWrap: 'wrap',
    gap: theme.spacing(0.5, 3),
    margin: theme.spacing(0.5, 0),
    fontVariantNumeric: 'tabular-nums',
    '& dt': {
      fontWeight: theme.typography.fontWeightRegular,
      color: palette(theme).text.secondary,
      fontSize: theme.typography.bodySmall.fontSize,
    },
    '& dd': { margin: 0 },
  }),
  advantage: css({
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(0.5, 1),
    margin: 0,
    color: palette(theme).text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
  }),
  warning: css({ color: theme.colors.warning.text }),
});
