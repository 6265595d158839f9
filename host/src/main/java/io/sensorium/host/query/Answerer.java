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
   */
  public Generation answer(Question question, Consumer<String> listener, RequestContext context) {
    Projection seen = seen(question, context);
    List<PromptPart> parts = new ArrayList<>(seen.media());
    parts.add(new PromptPart.Text(question.text()));
    Prompt prompt = new Prompt.Chat(List.of(new ChatMessage(USER, parts)));
    GenerationRequest request =
        new GenerationRequest(question.model(), prompt, question.options(), seen.layerAdditions());
    return generator.generate(request, listener, context);
  }

  private Projection seen(Question question, RequestContext context) {
    return question.media().isEmpty()
        ? new Projection(List.of(), Optional.empty())
        : projector.get().project(question.media(), question.model(), Optional.empty(), context);
  }
}
