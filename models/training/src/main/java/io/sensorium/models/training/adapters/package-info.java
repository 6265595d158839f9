/**
 * Trains projection adapters: small graphs from what an encoder says of an item to rows that a
 * frozen language model reads in the place of tokens.
 *
 * <h2>Glossary</h2>
 *
 * <dl>
 *   <dt>features
 *   <dd>what the frozen encoder says of an item: token states {@code [tokens, width]} and a unit
 *       embedding {@code [width]}. They are computed once
 *   <dt>lesson
 *   <dd>tokens and media in order, and which of the tokens the model has to foretell
 *   <dt>projection
 *   <dd>the adapter's mathematics; its form is that of {@code docs/model-package.md}
 * </dl>
 *
 * <h2>Invariants</h2>
 *
 * <ul>
 *   <li>Encoder and language model stay as they are, bit for bit.
 *   <li>The lessons of a step depend on the seed and the step's number alone; a training that was
 *       stopped goes on to the same result.
 * </ul>
 */
package io.sensorium.models.training.adapters;
