/**
 * How the next token is chosen, whatever the model. A {@link
 * io.sensorium.language.decoding.Decoding} is one text on its way: it says which tokens it wants to
 * be run, and is told what the model made of them. It runs nothing itself, so that many texts can
 * share a run:
 *
 * <pre>{@code
 * DecodingOptions options = DecodingOptions.greedy(64);
 * DecodingRequest request = new DecodingRequest(promptIds, options, Set.of(endOfText));
 * try (Decoding decoding = Decodings.begin(model, model.begin(), request)) {
 *   while (!decoding.wanted().isEmpty()) {
 *     decoding.accept(model.extend(decoding.wanted(), context));
 *   }
 *   List<Integer> text = decoding.certain();
 *   FinishReason reason = decoding.finishReason().orElseThrow();
 * }
 * }</pre>
 *
 * <p>Between logits and a choice stand, in the order in which transformers applies them:
 *
 * <ol>
 *   <li>penalties on repetition (Keskar et al., "CTRL", 2019), presence and frequency;
 *   <li>a {@link io.sensorium.language.decoding.TokenConstraint}, which leaves what may follow;
 *   <li>for sampling: temperature, top-k (Fan et al., "Hierarchical Neural Story Generation",
 *       2018), top-p (Holtzman et al., 2020), min-p (Nguyen et al., 2024), typical (Meister et al.,
 *       2023).
 * </ol>
 *
 * <p>Of equals the token with the lower id comes first, everywhere. Log-probabilities that are told
 * are the model's own, before all of this. Logits that are no numbers fail the request that they
 * belong to, and no other one.
 */
package io.sensorium.language.decoding;
