package io.sensorium.runtime.onnx;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** What can be configured of the runtime, under its PID. */
@ObjectClassDefinition(name = "Sensorium ONNX runtime")
public @interface RuntimeConfiguration {
  /** Threads that one session's operators share, at most as many as cores; 0 for all cores. */
  @AttributeDefinition(name = "threads of a session; 0 for all cores")
  int threads() default 0;

  /** Whether idle threads spin: a little faster alone, much slower on a shared machine. */
  @AttributeDefinition(name = "let idle threads spin")
  boolean spinning() default false;

  /**
   * How long threads of a model that generates wait busily for the next operator or step, in
   * microseconds; 0 for not at all. Whoever does not generate waits no such time.
   */
  @AttributeDefinition(name = "microseconds that threads of a generating model spin")
  int decodeSpinMicros() default SessionSettings.DECODE_SPIN_MICROS;

  /** How long deactivation waits for leases to come back, in milliseconds. */
  @AttributeDefinition(name = "milliseconds to wait for leases at the end")
  int drainMillis() default 5000;

  /** Main memory that sessions may reserve, in MiB; 0 for nine tenths of it without the heap. */
  @AttributeDefinition(name = "MiB of memory for sessions; 0 for a share")
  int memoryMebibytes() default 0;

  /**
   * Memory of a CUDA device that sessions may reserve, in MiB; 0 for nine tenths of what is free.
   */
  @AttributeDefinition(name = "MiB of a CUDA device's memory for sessions; 0 for a share")
  int deviceMemoryMebibytes() default 0;

  /** Items in one run that activations are reserved for. */
  @AttributeDefinition(name = "items in a run that memory is reserved for")
  int plannedItems() default 32;

  /** Ids of models that are never asked to leave memory, separated by commas. */
  @AttributeDefinition(name = "models that always stay in memory, separated by commas")
  String pinned() default "";

  /**
   * Which models leave memory first, as {@code id=number} separated by commas: lower numbers before
   * higher ones, 0 where nothing is said.
   */
  @AttributeDefinition(name = "id=number, separated by commas; lower numbers leave memory first")
  String priorities() default "";

  /** After how many seconds without a request a model's memory is given back; 0 for never. */
  @AttributeDefinition(name = "seconds after which an idle model leaves memory; 0 for never")
  int idleSeconds() default 0;
}
