package io.sensorium.host.query;

import io.sensorium.api.RequestContext;
import io.sensorium.api.adapter.MediaProjector;
import io.sensorium.api.adapter.Projection;
import io.sensorium.api.language.ChatMessage;
import io.sensorium.api.language.Generation;
import io.sensorium.api.language.GenerationRequest;
import io.sensorium.api.language.Prompt;
import io.sensorium.api.language.PromptPart;
import io.sensorium.api.language.TextGenerator;
import io.sensorium.api.space.EncodeRequest;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.host.api.Question;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Answers questions about media: adapters make the media readable, then the language model speaks.
 * Thread-safe.
 *
 * @param projector asked for if there are media
 * @param generator makes the text
 */
public record Answerer(Supplier<MediaProjector> projector, TextGenerator generator) {
  private static final String USER = "user";

  /**
   * Answers.
   *
   * @param listener told each piece of the answer as it becomes certain
   * @throws IllegalArgumentException if the adapters of several items add to the model's layers:
   *     they were trained with one
   */
  public Generation answer(Question question, Consumer<String> listener, RequestContext context) {
    List<PromptPart> parts = new ArrayList<>();
    List<Tensor> additions = new ArrayList<>();
    for (EncodeRequest item : question.media()) {
      switch (projector.get().project(item, question.model(), Optional.empty(), context)) {
        case Projection.Rows rows -> parts.add(rows.media());
        case Projection.LayerAdditions added -> additions.add(added.vectors());
      }
    }
    if (additions.size() > 1) {
      throw new IllegalArgumentException(
          "one item at a time can be read by adapters that add to the layers of %s; got %d"
              .formatted(question.model(), additions.size()));
    }
    parts.add(new PromptPart.Text(question.text()));
    Prompt prompt = new Prompt.Chat(List.of(new ChatMessage(USER, parts)));
    GenerationRequest request =
        new GenerationRequest(
            question.model(), prompt, question.options(), additions.stream().findFirst());
    return generator.generate(request, listener, context);
  }
}
