/** Turns published checkpoints into model packages. */
package io.sensorium.importer;
