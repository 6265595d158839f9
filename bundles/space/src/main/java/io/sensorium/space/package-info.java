/**
 * The engine behind every modality: it pairs encoders with packages, batches requests, swaps
 * generations without losing one, and classifies against words.
 */
package io.sensorium.space;
