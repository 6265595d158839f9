package io.sensorium.spring.boot;

import io.sensorium.host.api.Sensorium;
import io.sensorium.spring.ai.SensoriumEmbeddingModel;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;

/**
 * Offers the host's text encoder as Spring AI's embedding model. Among several providers the
 * property {@code spring.ai.model.embedding} chooses, as it does among Spring AI's own; ours is
 * called {@code sensorium}.
 */
@AutoConfiguration(after = SensoriumAutoConfiguration.class)
@ConditionalOnClass({EmbeddingModel.class, SensoriumEmbeddingModel.class})
@ConditionalOnBean(Sensorium.class)
@ConditionalOnProperty(
    name = "spring.ai.model.embedding",
    havingValue = "sensorium",
    matchIfMissing = true)
public class SensoriumSpringAiAutoConfiguration {

  /** The text encoder of the host's default space. */
  @Bean
  @ConditionalOnMissingBean(EmbeddingModel.class)
  SensoriumEmbeddingModel sensoriumEmbeddingModel(Sensorium sensorium) {
    return SensoriumEmbeddingModel.of(sensorium);
  }
}
