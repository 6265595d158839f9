package io.sensorium.space;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** What a user may set of the engine, under the pid {@code io.sensorium.space}. */
@ObjectClassDefinition(name = "Sensorium space")
public @interface SpaceConfiguration {
  @AttributeDefinition(description = "Items in one session run")
  int maxBatch() default 32;

  @AttributeDefinition(description = "Microseconds a run waits for items being prepared")
  long maxDelayMicros() default 2_000;

  @AttributeDefinition(description = "Unanswered items of one encoder")
  int queueItems() default 1_024;

  @AttributeDefinition(description = "Encoded bytes of those items")
  long queueBytes() default 256L << 20;

  @AttributeDefinition(description = "Threads that prepare items for one encoder; 0 for all cores")
  int preparers() default 0;

  @AttributeDefinition(description = "Milliseconds a leaving encoder may finish its work")
  long drainMillis() default 10_000;

  @AttributeDefinition(description = "Milliseconds an encoder may take to open")
  long openMillis() default 120_000;

  @AttributeDefinition(
      description =
          "Milliseconds requests wait for an encoder's successor, or for one after a start")
  long swapGraceMillis() default 2_000;
}
