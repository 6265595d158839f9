/**
 * Decodes untrusted pictures, sounds and text in pure Java, within limits.
 *
 * <p>{@link JvmMediaDecoder} is the border: behind it every decoder reads through a bounds-checked
 * {@link ByteReader}, asks {@link Limits} before it allocates, and throws {@link
 * MalformedMediaException} with what was wrong.
 */
package io.sensorium.media;
