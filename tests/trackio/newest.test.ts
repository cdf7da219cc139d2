import { describeClient } from './describeClient';
import { NEWEST } from './versions';

describeClient(NEWEST);
