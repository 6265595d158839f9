package io.sensorium.spring.boot;

import io.sensorium.host.api.Sensorium;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/**
 * Tells Spring Boot's health endpoint how the host is, unless {@code
 * management.health.sensorium.enabled} is false.
 */
@AutoConfiguration(after = SensoriumAutoConfiguration.class)
@ConditionalOnClass(HealthIndicator.class)
@ConditionalOnBean(Sensorium.class)
public class SensoriumHealthAutoConfiguration {

  /** The component {@code sensorium} of the endpoint. */
  // Not on the class: a class's conditions are read before it is known that the library is there.
  @Bean
  @ConditionalOnEnabledHealthIndicator("sensorium")
  @ConditionalOnMissingBean(name = "sensoriumHealthIndicator")
  SensoriumHealthIndicator sensoriumHealthIndicator(Sensorium sensorium) {
    return new SensoriumHealthIndicator(sensorium);
  }
}
