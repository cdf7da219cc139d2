/*
 * The part of `@grafana/data` that the reader takes at run time, for a page without Grafana. The build puts this file
 * in its place; what is missing here is an error of the build.
 */
import type { FieldType as GrafanaFieldType } from '@grafana/data';

export const FieldType = {
  time: 'time',
  number: 'number',
  string: 'string',
  boolean: 'boolean',
  other: 'other',
} as unknown as typeof GrafanaFieldType;

/** `YYYY-MM-DD HH:mm:ss`, the one format that the reader asks for. */
export function dateTimeFormat(value: number, { timeZone }: { timeZone: string }): string {
  const zone = timeZone === 'browser' || timeZone === '' ? undefined : timeZone === 'utc' ? 'UTC' : timeZone;
  try {
    return new Date(value).toLocaleString('sv-SE', { ...(zone && { timeZone: zone }) });
  } catch {
    return new Date(value).toISOString();
  }
}

/** Columns of a file have no display processor. */
export const formattedValueToString = ({ text }: { text: string }): string => text;
