package io.sensorium.models.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class ClaimTest {

  private static final Group ONE_RED_BELL = new Group(Thing.BELL, Colour.RED, 1, Size.SMALL);
  private static final Group TWO_RED_BELLS = new Group(Thing.BELL, Colour.RED, 2, Size.SMALL);
  private static final Group ONE_RED_DRUM = new Group(Thing.DRUM, Colour.RED, 1, Size.LARGE);
  private static final Group ONE_BLUE_DRUM = new Group(Thing.DRUM, Colour.BLUE, 1, Size.LARGE);

  private static final GroupClaim BELL = GroupClaim.ANY.with(Thing.BELL);
  private static final GroupClaim DRUM = GroupClaim.ANY.with(Thing.DRUM);
  private static final GroupClaim RED = GroupClaim.ANY.with(Colour.RED);

  private static Scene alone(Group group) {
    return Scene.single(group, Position.TOP_LEFT, Background.PLAIN);
  }

  private static Scene beside(Group left, Group right) {
    return Scene.pair(left, Relation.LEFT_OF, right, Background.PLAIN);
  }

  @Test
  void aSingularNounMeansExactlyOne() {
    Claim bell = Claim.of(BELL.with(CountRange.exactly(1)));
    assertThat(bell.holds(alone(ONE_RED_BELL))).isTrue();
    assertThat(bell.holds(alone(TWO_RED_BELLS))).isFalse();
    assertThat(bell.holds(alone(ONE_RED_DRUM))).isFalse();
  }

  @Test
  void anUnnumberedPluralMeansTwoOrMore() {
    Claim bells = Claim.of(BELL.with(CountRange.SEVERAL));
    assertThat(bells.holds(alone(ONE_RED_BELL))).isFalse();
    for (int count = 2; count <= Group.MAXIMUM_COUNT; count++) {
      Group group = new Group(Thing.BELL, Colour.PINK, count, Size.LARGE);
      assertThat(bells.holds(alone(group))).isTrue();
    }
  }

  @Test
  void aClaimAboutOneGroupHoldsForPairsThatContainIt() {
    Claim twoBells = Claim.of(BELL.with(CountRange.exactly(2)));
    assertThat(twoBells.holds(beside(TWO_RED_BELLS, ONE_BLUE_DRUM))).isTrue();
    assertThat(twoBells.holds(beside(ONE_BLUE_DRUM, TWO_RED_BELLS))).isTrue();
    assertThat(twoBells.holds(beside(ONE_RED_BELL, ONE_BLUE_DRUM))).isFalse();
  }

  @Test
  void objectsWithoutANameAreCountedOverTheWholeScene() {
    Claim oneRed = Claim.of(RED.with(CountRange.exactly(1)));
    Claim twoRed = Claim.of(RED.with(CountRange.exactly(2)));
    assertThat(twoRed.holds(beside(TWO_RED_BELLS, ONE_BLUE_DRUM))).isTrue();
    assertThat(twoRed.holds(beside(ONE_RED_BELL, ONE_RED_DRUM))).isTrue();
    assertThat(oneRed.holds(beside(ONE_RED_BELL, ONE_RED_DRUM))).isFalse();
    assertThat(twoRed.holds(beside(TWO_RED_BELLS, ONE_RED_DRUM))).isFalse();
    assertThat(oneRed.holds(beside(ONE_RED_BELL, ONE_BLUE_DRUM))).isTrue();
  }

  @Test
  void aPositionTellsTheGroupsOfAPairApart() {
    Claim redOnTheLeft = Claim.of(RED.with(Position.MIDDLE_LEFT).with(CountRange.exactly(1)));
    assertThat(redOnTheLeft.holds(beside(ONE_RED_BELL, ONE_RED_DRUM))).isTrue();
    assertThat(redOnTheLeft.holds(beside(ONE_BLUE_DRUM, ONE_RED_BELL))).isFalse();
    assertThat(
            redOnTheLeft.holds(Scene.single(ONE_RED_BELL, Position.MIDDLE_LEFT, Background.PLAIN)))
        .isTrue();
    assertThat(redOnTheLeft.holds(alone(ONE_RED_BELL))).as("top left is not left").isFalse();
  }

  @Test
  void aClaimAboutTwoGroupsIgnoresTheirOrderUnlessARelationIsNamed() {
    Claim bellAndDrum = Claim.of(BELL, DRUM);
    Claim bellLeftOfDrum = bellAndDrum.with(Relation.LEFT_OF);
    Scene bellFirst = beside(ONE_RED_BELL, ONE_BLUE_DRUM);
    Scene drumFirst = beside(ONE_BLUE_DRUM, ONE_RED_BELL);
    Scene stacked = Scene.pair(ONE_RED_BELL, Relation.ABOVE, ONE_BLUE_DRUM, Background.PLAIN);
    assertThat(List.of(bellFirst, drumFirst, stacked)).allMatch(bellAndDrum::holds);
    assertThat(bellLeftOfDrum.holds(bellFirst)).isTrue();
    assertThat(bellLeftOfDrum.holds(drumFirst)).isFalse();
    assertThat(bellLeftOfDrum.holds(stacked)).isFalse();
  }

  @Test
  void aClaimAboutTwoGroupsNeverHoldsForOne() {
    assertThat(Claim.of(GroupClaim.ANY, GroupClaim.ANY).holds(alone(TWO_RED_BELLS))).isFalse();
  }

  @Test
  void eachGroupServesOneClaimOnly() {
    Claim redAndBell = Claim.of(RED, BELL);
    assertThat(redAndBell.holds(beside(ONE_RED_BELL, ONE_BLUE_DRUM))).isFalse();
    assertThat(redAndBell.holds(beside(ONE_RED_BELL, ONE_RED_DRUM))).isTrue();
  }

  @Test
  void theBackgroundIsCheckedForOneAndForTwoGroups() {
    assertThat(Claim.ANY.with(Background.PLAIN).holds(alone(ONE_RED_BELL))).isTrue();
    assertThat(Claim.ANY.with(Background.DOTTED).holds(alone(ONE_RED_BELL))).isFalse();
    assertThat(
            Claim.of(BELL, DRUM).with(Background.DOTTED).holds(beside(ONE_RED_BELL, ONE_BLUE_DRUM)))
        .isFalse();
  }

  @Test
  void aRelationNeedsTwoGroups() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Claim(List.of(BELL), Optional.of(Relation.ABOVE), Optional.empty()));
  }

  @Test
  void claimsAboutOneGroupAgreeWithCountingObjectByObject() {
    RandomGenerator random = Seeds.generator(7);
    SceneSampler sampler = new SceneSampler(0.5);
    CaptionWriter writer = new CaptionWriter(Naming.TRAINING);
    int held = 0;
    for (int trial = 0; trial < 20_000; trial++) {
      Scene told = sampler.sample(random);
      Claim claim = writer.write(told, random).claim();
      // A scene with the same thing makes near misses likely.
      GroupClaim sameThing = GroupClaim.ANY.with(told.first().thing());
      Scene scene = sampler.sample(Claim.of(sameThing), random);
      if (claim.groups().size() == 1) {
        boolean expected = ObjectOracle.holds(claim, scene);
        assertThat(claim.holds(scene)).as("%s of %s", claim, scene).isEqualTo(expected);
        held += expected ? 1 : 0;
      }
    }
    assertThat(held).as("trials in which the claim held").isGreaterThan(100);
  }
}
