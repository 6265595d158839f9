/**
 * Projection adapters: small trained models between frozen encoders and frozen language models.
 *
 * <pre>{@code
 * EncodeRequest picture = EncodeRequest.of(Modality.IMAGE, input);
 * Projection seen = projector.project(List.of(picture), "lm-default", Optional.empty(), context);
 * List<PromptPart> parts = new ArrayList<>(seen.media());
 * parts.add(new PromptPart.Text("How many bells are there?"));
 * Prompt prompt = new Prompt.Chat(List.of(new ChatMessage("user", parts)));
 * new GenerationRequest("lm-default", prompt, options, seen.layerAdditions());
 * }</pre>
 */
@Version("1.0.0")
package io.sensorium.api.adapter;

import org.osgi.annotation.versioning.Version;
