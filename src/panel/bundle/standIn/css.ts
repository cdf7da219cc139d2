/*
 * Emotion for a page whose policy lets in only style elements with its nonce. The build puts this file in the place of
 * `@emotion/css`.
 */
import createEmotion from '@emotion/css/create-instance';

const nonce = document.querySelector('style')?.nonce ?? '';
export const { css, cx } = createEmotion({ key: 'rolloscope', nonce });
