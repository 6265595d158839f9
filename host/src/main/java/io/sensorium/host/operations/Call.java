package io.sensorium.host.operations;

import io.sensorium.api.RequestContext;
import io.sensorium.host.operations.Results.Progress;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * One call of an operation.
 *
 * @param context cancels the call
 * @param progress hears how far a long operation is; called from one thread at a time
 * @param text hears what a language model says, piece by piece; called from one thread at a time
 */
public record Call(RequestContext context, Consumer<Progress> progress, Consumer<String> text) {
  public Call {
    Objects.requireNonNull(context, "context");
    Objects.requireNonNull(progress, "progress");
    Objects.requireNonNull(text, "text");
  }

  /** A call that wants no text piece by piece. */
  public Call(RequestContext context, Consumer<Progress> progress) {
    this(context, progress, piece -> {});
  }

  /** A call that must be answered in time and tells nothing on the way. */
  public static Call within(Duration timeout) {
    return new Call(RequestContext.within(timeout), progress -> {});
  }

  /** A call that may take as long as it likes. */
  public static Call unhurried(Consumer<Progress> progress) {
    return new Call(RequestContext.within(Duration.ofDays(365)), progress);
  }
}
