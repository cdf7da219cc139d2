import { areal } from './areal';
import { art } from './art';
import { entries } from './entries';
import type { Format } from './Format';
import { miles } from './miles';
import { msSwift } from './msSwift';
import { nemoGym } from './nemoGym';
import { nemoRl } from './nemoRl';
import { plain } from './plain';
import { primeRl } from './primeRl';
import { roll } from './roll';
import { skyRl } from './skyRl';
import { tensorboard } from './tensorboard';
import { tinker } from './tinker';
import { trl } from './trl';
import { verifiers } from './verifiers';
import { verl } from './verl';

/** Every format that can be imported; what is in the list is recognised, and named in the help. */
export const FORMATS: readonly Format[] = [
  verl,
  trl,
  msSwift,
  primeRl,
  verifiers,
  skyRl,
  nemoRl,
  nemoGym,
  areal,
  roll,
  tinker,
  miles,
  art,
  tensorboard,
  entries,
  plain,
];
