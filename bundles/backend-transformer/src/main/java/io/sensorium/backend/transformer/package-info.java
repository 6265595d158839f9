/**
 * Decoders that remember by keys and values: one session, and a place in its caches for every
 * sequence.
 */
package io.sensorium.backend.transformer;
