/** The code that is fetched with the first row that has a timeline. */
export { badgesOf } from './badgesOf';
export { readTimeline } from './readTimeline';
export { TimelineView } from './TimelineView';
