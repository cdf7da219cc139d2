import { readFileSync } from 'node:fs';
import { strict } from '@rolloscope/contract';
import { Type } from 'typebox';
import { AlertSettings } from '../alerts/AlertSettings';
import { checker } from '../http/checker';
import { parseJson } from '../json/parseJson';

const check = checker(Type.Partial(AlertSettings, strict), 'The settings');

/** Reads a file of alert settings: JSON, of which every field may be left out. Throws an error that says what is wrong. */
export function readAlerts(file: string): Partial<AlertSettings> {
  try {
    return check(parseJson(readFileSync(file, 'utf8'))) as Partial<AlertSettings>;
  } catch (cause) {
    throw new Error(`The alerts file ${file} cannot be used: ${cause instanceof Error ? cause.message : cause}`);
  }
}
