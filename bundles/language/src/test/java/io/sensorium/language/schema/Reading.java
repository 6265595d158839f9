package io.sensorium.language.schema;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads whole texts by a schema, byte by byte. */
final class Reading {
  private final Frame start;

  Reading(String schema) {
    this.start =
        new ValueFrame(Values.of(SchemaSource.parse(schema), new Spelling(true)), false, Frame.END);
  }

  /** Whether a text is a value of the schema. */
  boolean accepts(String text) {
    List<Frame> frames = List.of(start);
    for (byte next : text.getBytes(StandardCharsets.UTF_8)) {
      List<Frame> out = new ArrayList<>();
      frames.forEach(frame -> frame.step(next & 0xFF, out));
      frames = out;
    }
    return frames.stream().anyMatch(frame -> frame.cost == 0);
  }
}
