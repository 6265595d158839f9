package io.sensorium.spring.boot;

import io.sensorium.host.api.Sensorium;
import io.sensorium.host.api.SensoriumOptions;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * Starts one host with the application and closes it with it.
 *
 * <p>An application's own {@link SensoriumOptions} bean replaces the properties, its own {@link
 * Sensorium} bean the host.
 */
@AutoConfiguration
@ConditionalOnBooleanProperty(name = "sensorium.enabled", matchIfMissing = true)
@EnableConfigurationProperties(SensoriumProperties.class)
public class SensoriumAutoConfiguration {

  /** How the host starts, by the properties {@code sensorium.*}. */
  @Bean
  @ConditionalOnMissingBean({SensoriumOptions.class, Sensorium.class})
  SensoriumOptions sensoriumOptions(SensoriumProperties properties) {
    return properties.options();
  }

  /** The host; its encoders are ready. */
  @Bean(destroyMethod = "close")
  @ConditionalOnMissingBean
  Sensorium sensorium(SensoriumOptions options) {
    return Sensorium.start(options);
  }
}
