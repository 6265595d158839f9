package io.sensorium.models.world.talk;

import java.util.List;

/**
 * Media in order, then exchanges about them. Immutable.
 *
 * @param media none for talk about bare numbers
 * @param exchanges at least one; each can be understood without the others
 */
public record Conversation(List<Medium> media, List<Exchange> exchanges) {

  public Conversation {
    media = List.copyOf(media);
    exchanges = List.copyOf(exchanges);
    if (exchanges.isEmpty()) {
      throw new IllegalArgumentException("a conversation needs an exchange; got none");
    }
  }
}
