package io.sensorium.language;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** What a user may set of text generation, under the pid {@code io.sensorium.language}. */
@ObjectClassDefinition(name = "Sensorium language")
public @interface LanguageConfiguration {
  @AttributeDefinition(
      description = "Sequences of a model at once; fewer if the memory does not suffice")
  int sequences() default 8;

  @AttributeDefinition(
      description = "Tokens of a sequence, if the model can read as many and the memory suffices")
  int contextTokens() default 4_096;

  @AttributeDefinition(description = "Requests that wait for a place in one model")
  int queueRequests() default 256;

  @AttributeDefinition(description = "Tokens of prompts that are read in one step of a model")
  int prefillTokens() default 256;

  @AttributeDefinition(
      description = "Whether finished sequences stay for prompts that begin alike, if places do")
  boolean keepPrefixes() default true;

  @AttributeDefinition(description = "Milliseconds a leaving model may finish its work")
  long drainMillis() default 20_000;

  @AttributeDefinition(description = "Milliseconds a model may take to open")
  long openMillis() default 300_000;
}
