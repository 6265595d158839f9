package io.sensorium.spring.boot;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.sensorium.host.api.Sensorium;
import java.time.Duration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Measures the host with Micrometer; Spring Boot binds the meters to its registries. */
@AutoConfiguration(after = SensoriumAutoConfiguration.class)
@ConditionalOnClass({MeterBinder.class, MeterRegistry.class})
@ConditionalOnBean(Sensorium.class)
public class SensoriumMetricsAutoConfiguration {
  private static final Duration LOOKING = Duration.ofSeconds(5);

  /** The meters {@code sensorium.*}. */
  @Bean(destroyMethod = "close")
  @ConditionalOnMissingBean
  SensoriumMetrics sensoriumMetrics(Sensorium sensorium) {
    return new SensoriumMetrics(sensorium, LOOKING);
  }
}
