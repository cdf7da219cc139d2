/**
 * The types that the store keeps as media: raster images and sounds that a browser shows by itself. Nothing that can carry a script
 * or refer to elsewhere, such as SVG or HTML.
 */
export const IMAGE_TYPES = ['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/bmp'] as const;
export const AUDIO_TYPES = ['audio/wav', 'audio/mpeg', 'audio/ogg', 'audio/flac'] as const;
export const MEDIA_TYPES = [...IMAGE_TYPES, ...AUDIO_TYPES] as const;
export type MediaType = (typeof MEDIA_TYPES)[number];
