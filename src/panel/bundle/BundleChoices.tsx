import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Button, Checkbox, useStyles2 } from '@grafana/ui';
import React, { useId, useMemo } from 'react';
import { escapeLine } from '../../shared/escapeText';
import { palette } from '../../shared/palette';
import { countText } from '../text/countText';
import { readableText } from '../text/readableText';
import type { SourceFact } from './Bundle';
import type { Collected } from './collectRows';
import { distinctMedia, mediaText } from './embedMedia';
import { type Choices, NEVER_SAVED } from './makeBundle';

/** Characters of a text that a line has room for. */
const LINE = 90;

const gist = (value: unknown) => escapeLine(readableText(value).trim().slice(0, LINE));

interface Props {
  collected: Collected;
  facts: readonly SourceFact[];
  choices: Choices;
  onChange: (choices: Choices) => void;
}

/** Shows what goes into the file, to be looked through: rollouts, columns and what is said of the source. */
export function BundleChoices({ collected: { rows, columns, characters }, facts, choices, onChange }: Props) {
  const named = (role: string) => columns.find((column) => column.role === role);
  const [step, reward, text] = [
    named('step'),
    named('reward'),
    named('prompt') ?? named('messages') ?? named('response'),
  ];
  const found = useMemo(() => distinctMedia(rows.flatMap(({ cells }) => [...cells.values()])), [rows]);
  return (
    <>
      <ChoiceList
        title="Rollouts"
        chosen={choices.rows}
        items={rows.map(({ rowId, cells }, i) => ({
          key: rowId,
          label: [
            `${i + 1}`,
            ...(step ? [`step ${readableText(cells.get(step.name))}`] : []),
            ...(reward ? [`reward ${readableText(cells.get(reward.name))}`] : []),
          ].join(' · '),
          note: text ? gist(cells.get(text.name)) : '',
        }))}
        onChange={(chosen) => onChange({ ...choices, rows: chosen })}
      />
      <ChoiceList
        title="Columns"
        chosen={choices.columns}
        items={columns
          .filter(({ name }) => !NEVER_SAVED.has(name))
          .map(({ name }) => ({
            key: name,
            label: `${escapeLine(name)} (${countText(characters.get(name) ?? 0, 'character')})`,
            note: gist(rows.find(({ cells }) => cells.get(name) != null)?.cells.get(name)),
          }))}
        onChange={(chosen) => onChange({ ...choices, columns: chosen })}
      />
      <ChoiceList
        title="Said of the source"
        chosen={choices.facts}
        items={facts.map(({ name, value }) => ({ key: name, label: name, note: gist(value) }))}
        onChange={(chosen) => onChange({ ...choices, facts: chosen })}
      />
      {found.media.size > 0 && (
        <Checkbox
          label={`With ${mediaText(found)}`}
          value={choices.hasMedia}
          onChange={() => onChange({ ...choices, hasMedia: !choices.hasMedia })}
        />
      )}
    </>
  );
}

interface ListProps {
  title: string;
  items: ReadonlyArray<{ key: string; label: string; note: string }>;
  chosen: ReadonlySet<string>;
  onChange: (chosen: ReadonlySet<string>) => void;
}

function ChoiceList({ title, items, chosen, onChange }: ListProps) {
  const styles = useStyles2(getStyles);
  const id = useId();
  const hasAll = items.every(({ key }) => chosen.has(key));
  const toggle = (key: string) => {
    const next = new Set(chosen);
    if (!next.delete(key)) {
      next.add(key);
    }
    onChange(next);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a legend has no room for a button beside it
    <div role="group" aria-labelledby={id} className={styles.set}>
      <div className={styles.head}>
        <span id={id} className={styles.legend}>
          {`${title}: ${items.filter(({ key }) => chosen.has(key)).length} of ${items.length}`}
        </span>
        <Button
          size="sm"
          fill="text"
          variant="secondary"
          aria-label={`${hasAll ? 'None' : 'All'} of ${title.toLowerCase()}`}
          onClick={() => onChange(new Set(hasAll ? [] : items.map(({ key }) => key)))}
        >
          {hasAll ? 'None' : 'All'}
        </Button>
      </div>
      <ul className={styles.list}>
        {items.map(({ key, label, note }) => (
          <li key={key} className={styles.item}>
            <Checkbox label={label} value={chosen.has(key)} onChange={() => toggle(key)} />
            <span className={styles.note} dir="auto">
              {note}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  set: css({ minWidth: 0, margin: theme.spacing(0, 0, 1) }),
  head: css({ display: 'flex', alignItems: 'center', justifyContent: 'space-between' }),
  legend: css({
    fontSize: theme.typography.body.fontSize,
    fontWeight: theme.typography.fontWeightMedium,
  }),
  list: css({
    maxHeight: 168,
    margin: 0,
    padding: theme.spacing(0.5, 1),
    overflow: 'auto',
    listStyle: 'none',
    border: `1px solid ${palette(theme).border.weak}`,
    borderRadius: theme.shape.radius.default,
  }),
  item: css({
    display: 'flex',
    alignItems: 'baseline',
    gap: theme.spacing(1.5),
    whiteSpace: 'nowrap',
    // A long list is drawn as far as it is seen.
    contentVisibility: 'auto',
    containIntrinsicSize: 'auto 24px',
  }),
  note: css({
    minWidth: 0,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    color: palette(theme).text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
    unicodeBidi: 'isolate',
  }),
});
