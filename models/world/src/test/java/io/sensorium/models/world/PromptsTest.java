package io.sensorium.models.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PromptsTest {

  @Test
  void everyClassHasItsNumberOfPromptsAndNoneIsShared() {
    List<String> all = new ArrayList<>();
    for (Thing thing : Thing.values()) {
      assertThat(Prompts.of(thing)).hasSize(8);
      all.addAll(Prompts.of(thing));
      all.addAll(Prompts.ofSound(thing));
    }
    for (Colour colour : Colour.values()) {
      assertThat(Prompts.of(colour)).hasSize(6);
      all.addAll(Prompts.of(colour));
    }
    for (int count = 1; count <= Group.MAXIMUM_COUNT; count++) {
      assertThat(Prompts.ofCount(count)).hasSize(6);
      all.addAll(Prompts.ofCount(count));
    }
    for (Size size : Size.values()) {
      assertThat(Prompts.of(size)).hasSize(5);
      all.addAll(Prompts.of(size));
    }
    for (Position position : Position.values()) {
      assertThat(Prompts.of(position)).hasSize(4);
      all.addAll(Prompts.of(position));
    }
    for (Background background : Background.values()) {
      assertThat(Prompts.of(background)).hasSize(4);
      all.addAll(Prompts.of(background));
    }
    assertThat(all).doesNotHaveDuplicates();
  }

  @Test
  void promptsUseBothFormsAndTheRightArticle() {
    assertThat(Prompts.of(Thing.OWL)).contains("an owl", "owls", "there are some owls");
    assertThat(Prompts.of(Thing.MOUSE)).contains("a mouse", "mice");
    assertThat(Prompts.of(Colour.ORANGE)).contains("an orange thing", "orange things");
    assertThat(Prompts.ofCount(1)).contains("one thing").doesNotContain("one things");
    assertThat(Prompts.ofCount(3)).contains("three things", "3 objects");
  }

  @Test
  void thereAreNoPromptsBeyondFour() {
    assertThatIllegalArgumentException().isThrownBy(() -> Prompts.ofCount(5));
    assertThatIllegalArgumentException().isThrownBy(() -> Prompts.ofCount(0));
  }
}
