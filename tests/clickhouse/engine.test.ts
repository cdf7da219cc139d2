import { engineConformance } from '../../store/engine/conformance/engineConformance';
import { openScaled } from './openScaled';

engineConformance('ClickHouse with PostgreSQL', openScaled());
