import { describeClient } from './describeClient';
import { OLDER } from './versions';

for (const version of OLDER) {
  describeClient(version);
}
