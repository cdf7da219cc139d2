import { dateTimeFormat, FieldType, formattedValueToString } from '@grafana/data';
import { escapeLine } from '../../shared/escapeText';
import type { TableColumn } from '../data/TableData';
import { questionStart } from '../reader/transcript/questionStart';
import { cutText } from '../text/cutText';
import { formatNumber } from '../text/formatNumber';
import { readableText } from '../text/readableText';

export interface CellText {
  text: string;
  /** The exact value, where `text` is a rounded or formatted one. */
  exact?: string;
}

export interface CellFormat {
  /** Characters that can show at all; a cell of 1 MB is cut before anything else looks at it. */
  limit: number;
  timeZone: string;
  /** Prompts begin with what was asked, and not with the system prompt that all of them share. */
  fromQuestion?: boolean;
}

const TIME = 'YYYY-MM-DD HH:mm:ss';

/** Returns what a cell shows. `fullLength` is given where `value` is already a preview of something longer. */
export function formatCell(column: TableColumn, value: unknown, format: CellFormat, fullLength?: number): CellText {
  if (value === null || value === undefined) {
    return { text: '' };
  }
  const { config, display } = column.field;
  const ownFormat = config.unit !== undefined || config.decimals != null || (config.mappings?.length ?? 0) > 0;
  if (ownFormat && display && (typeof value === 'number' || typeof value === 'boolean')) {
    return withExact(formattedValueToString(display(value)), String(value));
  }
  if (typeof value === 'number') {
    return numberText(column, value, format.timeZone);
  }
  const whole = readableText(value);
  const from = format.fromQuestion && column.role === 'prompt' ? questionStart(whole) : 0;
  const shown = cutText(from === 0 ? whole : whole.slice(from), format.limit);
  const isCut = from + shown.length < whole.length || (fullLength !== undefined && fullLength > whole.length);
  return { text: (from > 0 ? '…' : '') + escapeLine(shown) + (isCut ? '…' : '') };
}

function numberText(column: TableColumn, value: number, timeZone: string): CellText {
  if (column.type === 'time' || column.field.type === FieldType.time) {
    return { text: dateTimeFormat(value, { timeZone, format: TIME }), exact: new Date(value).toISOString() };
  }
  return withExact(formatNumber(value), String(value));
}

const withExact = (text: string, exact: string): CellText => (text === exact ? { text } : { text, exact });
