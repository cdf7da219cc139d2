import { holdOurs } from './holdOurs';

holdOurs('a store', async () => ({}));
