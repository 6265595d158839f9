package io.sensorium.examples.spring;

import io.sensorium.host.api.IndexProgress;
import io.sensorium.host.api.IndexingReport;
import io.sensorium.host.api.Sensorium;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** Indexes the folder {@code example.media} when it starts, and answers searches over HTTP. */
@SpringBootApplication
public class SearchApplication {
  private static final Logger LOG = LoggerFactory.getLogger(SearchApplication.class);

  /** Starts the application. */
  public static void main(String[] arguments) {
    SpringApplication.run(SearchApplication.class, arguments);
  }

  /** Brings the index up to date before the application says that it is ready. */
  @Bean
  ApplicationRunner indexing(Sensorium sensorium, @Value("${example.media}") Path media) {
    return arguments -> {
      IndexingReport report = sensorium.index(List.of(media), IndexProgress.NONE);
      LOG.info("{} files indexed, {} unchanged", report.indexed(), report.unchanged());
    };
  }
}
