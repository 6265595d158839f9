package io.sensorium.language.template;

/** A template that fails, or that refuses what it is given. */
public final class TemplateException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TemplateException(String message) {
    super(message);
  }
}
