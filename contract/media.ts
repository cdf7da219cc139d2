import { type Static, Type } from 'typebox';
import { LIMITS } from './limits';
import { MEDIA_TYPES } from './mediaTypes';
import { Count, Name, strict } from './scalars';

/** The SHA-256 of the bytes, in hexadecimal. */
export const MediaHash = Type.String({ pattern: '^[0-9a-f]{64}$' });

/**
 * An image or a sound in a cell, or where its data stood in a message: what it is, and its address by its content's hash
 * (`GET /media/{hash}`). A cell may also hold a list of these. What is said of it tells a table how much room it takes
 * before it comes.
 */
export const MediaRef = Type.Object(
  {
    media: MediaHash,
    type: Type.Enum([...MEDIA_TYPES]),
    bytes: Count,
    width: Type.Optional(Type.Integer({ minimum: 1, description: 'Pixels.' })),
    height: Type.Optional(Type.Integer({ minimum: 1, description: 'Pixels.' })),
    frames: Type.Optional(Type.Integer({ minimum: 2, description: 'Pictures of one that moves.' })),
    seconds: Type.Optional(Type.Number({ minimum: 0, description: 'How long a sound is, where its head tells.' })),
    alt: Type.Optional(Type.String({ maxLength: LIMITS.altChars, description: 'What it shows, in words.' })),
  },
  strict,
);
export type MediaRef = Static<typeof MediaRef>;

/** A cell in place of media that the store did not take. */
export const MediaLeftOut = Type.Object(
  { media: Type.Null(), why: Type.String(), alt: Type.Optional(Type.String({ maxLength: LIMITS.altChars })) },
  strict,
);
export type MediaLeftOut = Static<typeof MediaLeftOut>;

/** The bytes themselves, whatever Content-Type they come with: what they are is told by them. */
export const MediaBytes = Type.Unsafe<Uint8Array>({ type: 'string', format: 'binary' });

export const MediaQuery = Type.Object({ run: Name }, strict);
