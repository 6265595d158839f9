package io.sensorium.models.hub;

import java.net.URI;
import java.net.http.HttpHeaders;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An answer of the hub or of where it redirected to; its body must be closed.
 *
 * @param status 200, 206 or 416
 * @param address who answered in the end
 * @param headers the last answer's
 * @param facts what the answers on the way told of the file: {@code x-repo-commit}, {@code
 *     x-linked-etag}, {@code x-linked-size}
 */
record HubAnswer(
    int status, URI address, HttpHeaders headers, Map<String, String> facts, TimedBody body)
    implements AutoCloseable {
  private static final Pattern RANGE =
      Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18}|\\*)");

  /** How long the body says it is. */
  OptionalLong length() {
    return headers.firstValueAsLong("content-length");
  }

  /** A tag that names this very content at this very address; weak ones do not. */
  Optional<String> strongTag() {
    return headers.firstValue("etag").filter(tag -> tag.startsWith("\""));
  }

  /** Which part of the file the body is. */
  Optional<Range> range() {
    return headers
        .firstValue("content-range")
        .map(RANGE::matcher)
        .filter(Matcher::matches)
        .map(
            match ->
                new Range(
                    Long.parseLong(match.group(1)),
                    Long.parseLong(match.group(2)),
                    match.group(3).equals("*")
                        ? OptionalLong.empty()
                        : OptionalLong.of(Long.parseLong(match.group(3)))));
  }

  @Override
  public void close() {
    body.close();
  }

  /** Both ends included. */
  record Range(long first, long last, OptionalLong total) {}
}
