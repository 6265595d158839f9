package io.sensorium.api.memory;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Shows memory that cannot be reserved, for instance mapped files. Register it as an OSGi service
 * (whiteboard); the ledger's report asks every one of them. Thread-safe and quick.
 */
@FunctionalInterface
@ConsumerType
public interface MemoryReporter {
  /**
   * What is held now, in main memory.
   *
   * @return holdings made by {@link MemoryHolding#reported}
   */
  List<MemoryHolding> holdings();
}
