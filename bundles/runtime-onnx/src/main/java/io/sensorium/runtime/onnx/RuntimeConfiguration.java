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

  /** How long deactivation waits for leases to come back, in milliseconds. */
  @AttributeDefinition(name = "milliseconds to wait for leases at the end")
  int drainMillis() default 5000;
}
