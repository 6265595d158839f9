package io.sensorium.host.api;

/** Another host holds the home; the message names its process. */
public class HomeInUseException extends HostStartException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message which home, and who holds it
   */
  public HomeInUseException(String message) {
    super(message);
  }

  @Override
  public boolean retriable() {
    return true;
  }
}
