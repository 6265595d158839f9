/** A host inside a plain Java program. */
package io.sensorium.examples.embedding;
