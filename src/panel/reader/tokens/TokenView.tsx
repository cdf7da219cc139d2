import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Alert, Button, Combobox, useStyles2 } from '@grafana/ui';
import React, {
  type KeyboardEvent,
  type PointerEvent,
  type RefObject,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { escapeLine } from '../../../shared/escapeText';
import { palette } from '../../../shared/palette';
import { countText } from '../../text/countText';
import { formatNumber } from '../../text/formatNumber';
import { useGrowing } from '../lazy/useGrowing';
import type { Tokens } from './readTokens';
import { TokenLegend } from './TokenLegend';
import { TokenRun } from './TokenRun';
import { SHADES, scaleOf, shadePaint } from './tokenScale';
import { worstTokens } from './worstTokens';

interface TokenViewProps {
  tokens: Tokens;
  /** The response as it was logged. */
  response: string;
  /** The ref in which it puts what goes to the next worst token, or the one before, for keys of the reader. */
  walk: RefObject<((by: -1 | 1) => void) | null>;
}

/** Tokens that are drawn together. */
const RUN = 200;
/** Tokens that Page Up and Page Down go over. */
const STRIDE = 50;

/** The response token by token, shaded by one of the numbers that were logged beside the texts. */
export function TokenView({ tokens, response, walk }: TokenViewProps) {
  const styles = useStyles2(getStyles);
  const [chosen, choose] = useState(tokens.numbers[0]?.name);
  const [active, setActive] = useState<number>();
  const list = useRef<HTMLElement>(null);
  const { texts, numbers, mask, faults } = tokens;
  const number = numbers.find(({ name }) => name === chosen);
  const scale = useMemo(() => number && scaleOf(number), [number]);
  const worst = useMemo(() => (number && scale ? worstTokens(number, scale.middle, mask) : []), [number, scale, mask]);
  const rank = active === undefined ? -1 : worst.indexOf(active);
  const isWhole = useMemo(
    () => tokens.isNamedById === true || texts.join('') === response,
    [tokens.isNamedById, texts, response],
  );
  const runs = useGrowing(Math.ceil(texts.length / RUN));

  const isDrawn = active !== undefined && active < runs * RUN;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the token that is walked to comes into view, once it is drawn
  useEffect(() => {
    list.current?.querySelector('[data-active]')?.scrollIntoView({ block: 'nearest' });
  }, [active, isDrawn]);

  const go = (by: -1 | 1) => {
    if (worst.length > 0) {
      setActive(worst[rank < 0 ? 0 : (rank + by + worst.length) % worst.length]);
    }
  };
  useEffect(() => {
    walk.current = go;
    return () => {
      walk.current = null;
    };
  });

  const onKeyDown = (event: KeyboardEvent) => {
    const last = texts.length - 1;
    const at = active ?? -1;
    const to = {
      ArrowRight: at + 1,
      ArrowLeft: at - 1,
      PageDown: at + STRIDE,
      PageUp: at - STRIDE,
      Home: 0,
      End: last,
    }[event.key];
    if (to !== undefined && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      setActive(Math.max(0, Math.min(to, last)));
    }
  };
  const onPoint = (event: PointerEvent) => {
    const under = (event.target as Element).closest<HTMLElement>('[data-token]')?.dataset.token;
    if (under !== undefined) {
      setActive(Number(under));
    }
  };
  return (
    <section className={styles.view} aria-label="Tokens">
      <div className={styles.head}>
        <strong>{countText(texts.length, 'token')}</strong>
        {numbers.length > 0 && (
          <Combobox
            aria-label="Shade tokens by"
            width={24}
            options={numbers.map(({ name }) => ({ value: name, label: escapeLine(name) }))}
            value={chosen ?? null}
            onChange={({ value }) => choose(value)}
          />
        )}
        {worst.length > 0 && (
          <span className={styles.worst}>
            <Button
              size="sm"
              variant="secondary"
              icon="angle-left"
              aria-label="Previous worst token"
              tooltip="Previous worst (N)"
              onClick={() => go(-1)}
            />
            <Button size="sm" variant="secondary" tooltip="Next worst (n)" onClick={() => go(1)}>
              {rank < 0
                ? 'Worst token'
                : `Worst ${(rank + 1).toLocaleString('en')} of ${worst.length.toLocaleString('en')}`}
            </Button>
          </span>
        )}
        <TokenLegend
          name={chosen}
          scale={scale}
          masked={mask && { name: mask.name, count: mask.values.filter((value) => value === 0).length }}
        />
      </div>
      {faults.length > 0 && (
        <Alert title="Not all of the per-token data can be shown" severity="warning">
          {faults.map((fault) => (
            <div key={fault}>{escapeLine(fault)}</div>
          ))}
        </Alert>
      )}
      {texts.length > 0 && !isWhole && (
        <p className={styles.note}>The tokens put together are not the response as it was logged, to the character.</p>
      )}
      {texts.length > 0 && (
        <>
          <div className={styles.detail} role="status">
            {active === undefined
              ? 'Point at a token, or walk over them with the arrow keys.'
              : describe(tokens, active)}
          </div>
          {/* biome-ignore-start lint/a11y/noNoninteractiveTabindex: arrow keys walk over its tokens */}
          <section
            ref={list}
            className={styles.tokens}
            tabIndex={0}
            aria-label="Response, token by token"
            onKeyDown={onKeyDown}
            onPointerMove={onPoint}
          >
            {Array.from({ length: runs }, (_, i) => {
              const [from, to] = [i * RUN, (i + 1) * RUN];
              const isHere = active !== undefined && active >= from && active < to;
              return (
                <TokenRun
                  key={from}
                  tokens={tokens}
                  from={from}
                  to={to}
                  values={number?.values}
                  scale={scale}
                  active={isHere ? active : undefined}
                />
              );
            })}
          </section>
          {/* biome-ignore-end lint/a11y/noNoninteractiveTabindex: above */}
        </>
      )}
    </section>
  );
}

/** A token and all that is known of it, in words. */
function describe({ texts, numbers, ids, mask }: Tokens, at: number): string {
  const text = texts[at] ?? '';
  const shown = escapeLine(text.slice(0, 60)) + (text.length > 60 ? '…' : '');
  return [
    `Token ${(at + 1).toLocaleString('en')}: “${shown}”`,
    ...[...(ids ? [ids] : []), ...numbers].map(({ name, values }) => {
      const value = values[at];
      return `${escapeLine(name)} ${typeof value === 'number' ? formatNumber(value) : 'none'}`;
    }),
    ...(mask ? [mask.values[at] === 0 ? 'not in the loss' : 'in the loss'] : []),
  ].join(' · ');
}

const getStyles = (theme: GrafanaTheme2) => {
  const { background, text } = palette(theme);
  const ground = { background: background.primary, text: text.primary, faintText: text.secondary };
  const shades = Array.from({ length: 2 * SHADES + 1 }, (_, i) => i - SHADES).flatMap((shade) => {
    const paint = shadePaint(shade, ground, theme.isDark ? 'dark' : 'light');
    return paint ? [[`& [data-shade="${shade}"]`, { background: paint.background, color: paint.text }] as const] : [];
  });
  return {
    view: css({
      display: 'flex',
      flexDirection: 'column',
      gap: theme.spacing(1),
      ...Object.fromEntries(shades),
      '& [data-masked]': { textDecoration: 'underline dotted 2px', textUnderlineOffset: 3, fontStyle: 'italic' },
    }),
    head: css({ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: theme.spacing(1, 2) }),
    worst: css({ display: 'inline-flex', gap: theme.spacing(0.5), fontVariantNumeric: 'tabular-nums' }),
    note: css({ margin: 0, color: text.secondary }),
    detail: css({
      position: 'sticky',
      top: 0,
      zIndex: 1,
      padding: theme.spacing(0.5, 1),
      overflowWrap: 'anywhere',
      background: background.secondary,
      borderRadius: theme.shape.radius.default,
      fontVariantNumeric: 'tabular-nums',
    }),
    tokens: css({
      fontFamily: theme.typography.fontFamilyMonospace,
      fontSize: theme.typography.bodySmall.fontSize,
      lineHeight: 1.8,
      '&:focus-visible': { outline: `2px solid ${theme.colors.primary.border}`, outlineOffset: 2 },
      '& [data-token]': { borderRadius: 2, boxShadow: `inset 1px 0 0 ${palette(theme).border.weak}` },
      '& [data-active]': { outline: `2px solid ${text.primary}` },
    }),
  };
};
