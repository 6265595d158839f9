/**
 * Turns pixels and samples into the tensors that models were trained on, equal to the reference
 * implementations. Plain JDK; every class is immutable or made of pure functions.
 */
package io.sensorium.models.preprocessing;
