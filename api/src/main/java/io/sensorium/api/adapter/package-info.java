/**
 * Projection adapters: small trained models between frozen encoders and frozen language models.
 *
 * <pre>{@code
 * EncodeRequest picture = EncodeRequest.of(Modality.IMAGE, input);
 * PromptPart.Media seen = projector.project(picture, "lm-default", Optional.empty(), context);
 * Prompt prompt = new Prompt.Chat(List.of(new ChatMessage("user",
 *     List.of(seen, new PromptPart.Text("How many bells are there?")))));
 * }</pre>
 */
@Version("1.0.0")
package io.sensorium.api.adapter;

import org.osgi.annotation.versioning.Version;
