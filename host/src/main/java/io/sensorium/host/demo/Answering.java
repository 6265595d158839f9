package io.sensorium.host.demo;

import io.sensorium.api.space.EncodeRequest;
import io.sensorium.host.api.Question;
import io.sensorium.host.api.Sensorium;
import io.sensorium.host.demo.DemoTalk.Answer;
import io.sensorium.models.world.Group;
import io.sensorium.models.world.talk.Answers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The act of the language model: questions about a picture, about a sound and about both. The
 * questions are of the kinds that the default adapters learnt; what they are bad at, comparing
 * media, is left out. Thread-safe.
 */
final class Answering {
  private final Sensorium sensorium;

  Answering(Sensorium sensorium) {
    this.sensorium = sensorium;
  }

  List<DemoTalk> play(List<Sample> pictures, List<Sample> sounds) {
    Sample picture = SampleMedia.bells(ofOneKind(pictures));
    Sample sound = unlike(picture, sounds);
    Group heard = sound.scene().first();
    String nouns = heard.thing().noun().plural();
    Map<String, String> ofBoth = new LinkedHashMap<>();
    ofBoth.put("How many things do you hear in the sound?", Answers.of(heard.count()));
    ofBoth.put("Are there %s in the picture?".formatted(nouns), Answers.of(false));
    return List.of(
        ask(List.of(picture), ofPicture(picture)),
        ask(List.of(sound), Map.of("What do you hear?", Answers.of(heard.thing()))),
        ask(List.of(picture, sound), ofBoth));
  }

  private static Map<String, String> ofPicture(Sample picture) {
    Group seen = picture.scene().first();
    Map<String, String> truths = new LinkedHashMap<>();
    truths.put(
        "How many %s are there?".formatted(seen.thing().noun().plural()), Answers.of(seen.count()));
    truths.put("What colour are they?", Answers.of(seen.colour()));
    truths.put("Where are they?", Answers.of(picture.scene().position().orElseThrow()));
    return truths;
  }

  /** Another thing in another number, so that no answer fits both. */
  private static Sample unlike(Sample picture, List<Sample> sounds) {
    Group seen = picture.scene().first();
    return ofOneKind(sounds).stream()
        .filter(sound -> sound.scene().first().thing() != seen.thing())
        .filter(sound -> sound.scene().first().count() != seen.count())
        .findFirst()
        .orElseThrow();
  }

  private static List<Sample> ofOneKind(List<Sample> samples) {
    return samples.stream().filter(sample -> !sample.scene().twoKinds()).toList();
  }

  private DemoTalk ask(List<Sample> media, Map<String, String> truths) {
    EncodeRequest[] items = media.stream().map(Sample::request).toArray(EncodeRequest[]::new);
    return new DemoTalk(
        media,
        truths.entrySet().stream()
            .map(asked -> new Answer(asked.getKey(), say(asked.getKey(), items), asked.getValue()))
            .toList());
  }

  private String say(String question, EncodeRequest... items) {
    return sensorium.ask(Question.of(question, items), piece -> {}).text().strip();
  }
}
