/**
 * Projection adapters: small trained models between frozen encoders and frozen language models.
 *
 * <pre>{@code
 * EncodeRequest picture = EncodeRequest.of(Modality.IMAGE, input);
 * Projection seen = projector.project(picture, "lm-default", Optional.empty(), context);
 * if (seen instanceof Projection.Rows(PromptPart.Media rows)) {
 *   Prompt prompt = new Prompt.Chat(List.of(new ChatMessage("user",
 *       List.of(rows, new PromptPart.Text("How many bells are there?")))));
 * }
 * }</pre>
 */
@Version("1.0.0")
package io.sensorium.api.adapter;

import org.osgi.annotation.versioning.Version;
