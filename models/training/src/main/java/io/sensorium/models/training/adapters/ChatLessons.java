package io.sensorium.models.training.adapters;

import io.sensorium.api.language.ChatMessage;
import io.sensorium.api.language.Prompt;
import io.sensorium.api.language.PromptPart;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.language.text.ModelText;
import io.sensorium.language.text.PromptSegment;
import io.sensorium.language.text.PromptTokens;
import java.util.ArrayList;
import java.util.List;

/**
 * Lessons in a model's own chat template: the user shows the media, then asks; the model answers
 * and ends its turn. One thread at a time; closing releases the tokenizer.
 */
public final class ChatLessons implements LessonWriter, AutoCloseable {
  private static final int LONGEST = 2_048;

  private final ModelText text;
  private final String sense;
  private final int rows;
  private final Tensor placeholder;

  /**
   * Opens a package's tokenizer.
   *
   * @param vocabulary how many tokens the model knows
   * @param sense what the chat template is told the media are: {@code image}, {@code audio}, ...
   * @param rows what a medium takes of the context; 0 where media are added to the model's layers,
   *     so that the template is told of none
   */
  public ChatLessons(ModelPackage model, int vocabulary, String sense, int rows) {
    text = ModelText.open(model, vocabulary);
    this.sense = sense;
    this.rows = rows;
    placeholder = Tensor.ofFloats(Shape.of(1, 1), 0);
  }

  @Override
  public Lesson write(List<Integer> media, String prompt, String answer) {
    var content = new ArrayList<PromptPart>();
    if (rows > 0) {
      media.forEach(medium -> content.add(new PromptPart.Media(sense, placeholder)));
    }
    content.add(new PromptPart.Text(prompt));
    var asked = new Prompt.Chat(List.of(new ChatMessage("user", content)));
    PromptTokens tokens = text.encode(asked, LONGEST - media.size() * rows, 1);
    var lesson = new Lesson.Builder();
    if (rows == 0) {
      media.forEach(lesson::medium);
    }
    int next = lesson.size();
    for (PromptSegment segment : tokens.segments()) {
      for (int token : segment.tokens()) {
        if (token < 0) {
          lesson.medium(media.get(next));
          next++;
        } else {
          lesson.given(token);
        }
      }
    }
    if (next != media.size()) {
      throw new IllegalArgumentException(
          "the chat template must show %d media; it showed %d".formatted(media.size(), next));
    }
    var foretold = new ArrayList<>(text.encode(answer));
    // Models that talk end a turn with a token that comes after the one which ends a text.
    text.endTokens().stream().max(Integer::compare).ifPresent(foretold::add);
    return lesson.answer("", foretold.stream().mapToInt(Integer::intValue).toArray()).build();
  }

  @Override
  public void close() {
    text.close();
  }
}
