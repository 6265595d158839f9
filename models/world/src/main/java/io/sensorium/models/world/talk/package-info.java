/**
 * Talk about the little world: pictures and sounds told in words, questions about them, and the
 * answers. It is what the default language models are taught and tested on.
 *
 * <h2>Glossary</h2>
 *
 * <dl>
 *   <dt>medium
 *   <dd>a picture or a sound of one scene as a text tells it, with what that text claims. Where a
 *       host has a real picture or sound, an adapter's embeddings stand in the text's place
 *   <dt>exchange
 *   <dd>one question with its only right answer
 *   <dt>conversation
 *   <dd>media in order, then exchanges about them
 * </dl>
 *
 * <h2>Use</h2>
 *
 * <pre>{@code
 * ConversationWriter writer = new ConversationWriter(Split.TRAIN);
 * Conversation talk = writer.write(12, Seeds.generator(42, 7));
 * talk.media().getFirst().text();             // "two small red bells in the top left"
 * talk.exchanges().getFirst().question();     // "How many bells are there?"
 * talk.exchanges().getFirst().answer();       // "Two."
 * // About a picture that is really shown: what it shows is known in full.
 * Medium shown = Talk.tell(Sense.PICTURE, scene, true, random);
 * List<Exchange> asked = Talk.about(List.of(shown), 6, random).exchanges();
 * }</pre>
 *
 * <h2>Invariants</h2>
 *
 * <ul>
 *   <li>An answer follows from what the media's texts claim, and never contradicts their scenes. A
 *       text tells of all groups of its scene, though not always everything about them: what it
 *       leaves out is answered with {@link io.sensorium.models.world.talk.Answers#UNKNOWN}.
 *   <li>Answers are short and canonical: equal knowledge gives equal answers, in the world's usual
 *       words, two things or colours in alphabetical order.
 *   <li>All randomness comes from the call's generator.
 * </ul>
 */
package io.sensorium.models.world.talk;
