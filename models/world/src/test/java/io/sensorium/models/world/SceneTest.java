package io.sensorium.models.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SceneTest {

  private static final Group TWO_BELLS = new Group(Thing.BELL, Colour.RED, 2, Size.SMALL);
  private static final Group THREE_FROGS = new Group(Thing.FROG, Colour.BLUE, 3, Size.LARGE);

  @Test
  void aGroupHoldsOneToFourThings() {
    for (int count : new int[] {-1, 0, 5}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new Group(Thing.BELL, Colour.RED, count, Size.SMALL))
          .withMessageContaining("1..4")
          .withMessageContaining(Integer.toString(count));
    }
  }

  @Test
  void aPairKnowsWhereItsGroupsLie() {
    Scene beside = Scene.pair(TWO_BELLS, Relation.LEFT_OF, THREE_FROGS, Background.PLAIN);
    Scene stacked = Scene.pair(TWO_BELLS, Relation.ABOVE, THREE_FROGS, Background.PLAIN);
    assertThat(beside.positionOf(0)).isEqualTo(Position.MIDDLE_LEFT);
    assertThat(beside.positionOf(1)).isEqualTo(Position.MIDDLE_RIGHT);
    assertThat(stacked.positionOf(0)).isEqualTo(Position.TOP_CENTRE);
    assertThat(stacked.positionOf(1)).isEqualTo(Position.BOTTOM_CENTRE);
    assertThat(stacked.objectCount()).isEqualTo(5);
    assertThat(stacked.second()).contains(THREE_FROGS);
  }

  @Test
  void aSingleGroupLiesAtItsPosition() {
    Scene scene = Scene.single(TWO_BELLS, Position.BOTTOM_RIGHT, Background.DOTTED);
    assertThat(scene.positionOf(0)).isEqualTo(Position.BOTTOM_RIGHT);
    assertThat(scene.second()).isEmpty();
    assertThat(scene.twoKinds()).isFalse();
  }

  @Test
  void twoGroupsHoldDifferentThings() {
    Group oneBell = new Group(Thing.BELL, Colour.BLUE, 1, Size.LARGE);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Scene.pair(TWO_BELLS, Relation.ABOVE, oneBell, Background.PLAIN))
        .withMessageContaining("BELL");
  }

  @Test
  void twoGroupsHoldAtMostFiveObjects() {
    Group threeBells = new Group(Thing.BELL, Colour.RED, 3, Size.SMALL);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Scene.pair(threeBells, Relation.ABOVE, THREE_FROGS, Background.PLAIN))
        .withMessageContaining("3 + 3");
  }

  @Test
  void positionAndRelationExcludeEachOther() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new Scene(
                    List.of(TWO_BELLS),
                    Optional.of(Position.CENTRE),
                    Optional.of(Relation.ABOVE),
                    Background.PLAIN));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new Scene(
                    List.of(TWO_BELLS, THREE_FROGS),
                    Optional.of(Position.CENTRE),
                    Optional.empty(),
                    Background.PLAIN));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new Scene(
                    List.of(), Optional.of(Position.CENTRE), Optional.empty(), Background.PLAIN));
  }

  @Test
  void noWordIsSharedBetweenTwoThings() {
    List<String> forms =
        java.util.Arrays.stream(Thing.values())
            .flatMap(thing -> thing.nouns().stream())
            .flatMap(noun -> java.util.stream.Stream.of(noun.singular(), noun.plural()))
            .toList();
    assertThat(forms).doesNotHaveDuplicates();
    assertThat(Thing.MOUSE.noun().form(1)).isEqualTo("mouse");
    assertThat(Thing.MOUSE.noun().form(3)).isEqualTo("mice");
    assertThat(Thing.values()).hasSizeGreaterThanOrEqualTo(24);
  }
}
