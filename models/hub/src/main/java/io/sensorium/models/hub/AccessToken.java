package io.sensorium.models.hub;

import java.util.regex.Pattern;

/** A user's token for the hub, which never shows itself in text. Immutable. */
public final class AccessToken {
  private static final Pattern PRINTABLE = Pattern.compile("[!-~]{1,4096}");

  private final String secret;

  /**
   * @param secret as the hub issued it
   * @throws IllegalArgumentException if it could not stand in a request's header
   */
  public AccessToken(String secret) {
    if (!PRINTABLE.matcher(secret).matches()) {
      throw new IllegalArgumentException(
          "the hub's token must be printable characters without spaces");
    }
    this.secret = secret;
  }

  String authorization() {
    return "Bearer " + secret;
  }

  @Override
  public String toString() {
    return "AccessToken(hidden)";
  }
}
