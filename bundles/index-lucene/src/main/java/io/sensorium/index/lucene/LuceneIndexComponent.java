package io.sensorium.index.lucene;

import io.sensorium.api.Modality;
import io.sensorium.api.SensoriumException;
import io.sensorium.api.StorageException;
import io.sensorium.api.index.Hit;
import io.sensorium.api.index.IndexEntry;
import io.sensorium.api.index.IndexHealth;
import io.sensorium.api.index.IndexQuery;
import io.sensorium.api.index.MediaIndex;
import io.sensorium.api.memory.MemoryHolding;
import io.sensorium.api.memory.MemoryReporter;
import io.sensorium.api.space.SpaceId;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The index of the host's home as a service. An index that cannot be opened is still a service, so
 * that whoever asks gets the reason instead of silence.
 */
@Component(
    service = {MediaIndex.class, MemoryReporter.class},
    immediate = true)
public final class LuceneIndexComponent implements MediaIndex, MemoryReporter {
  private static final Logger LOG = LoggerFactory.getLogger(LuceneIndexComponent.class);
  private static final String HOME = "sensorium.home";

  private final Optional<LuceneIndex> index;
  private final String problem;

  @Activate
  public LuceneIndexComponent(BundleContext context) {
    String home = context.getProperty(HOME);
    LuceneIndex opened = null;
    String failure = "";
    if (home == null) {
      failure = "the framework property " + HOME + " is required";
    } else {
      try {
        opened = LuceneIndex.open(Path.of(home).resolve("index"));
      } catch (SensoriumException e) {
        failure = e.getMessage();
        LOG.error(failure, e);
      }
    }
    this.index = Optional.ofNullable(opened);
    this.problem = failure;
  }

  @Deactivate
  void deactivate() {
    index.ifPresent(LuceneIndex::close);
  }

  private LuceneIndex index() {
    return index.orElseThrow(() -> new StorageException(problem));
  }

  @Override
  public CompletableFuture<Void> put(List<IndexEntry> entries) {
    return index().put(entries);
  }

  @Override
  public CompletableFuture<Void> delete(List<String> ids) {
    return index().delete(ids);
  }

  @Override
  public Optional<IndexEntry> find(String id) {
    return index().find(id);
  }

  @Override
  public List<String> ids(String prefix) {
    return index().ids(prefix);
  }

  @Override
  public List<String> ids(SpaceId space, Modality modality, String after, int most) {
    return index().ids(space, modality, after, most);
  }

  @Override
  public Set<SpaceId> spaces() {
    return index().spaces();
  }

  @Override
  public Map<Modality, Long> census(SpaceId space) {
    return index().census(space);
  }

  @Override
  public List<Hit> search(IndexQuery query) {
    return index().search(query);
  }

  @Override
  public void refresh() {
    index().refresh();
  }

  @Override
  public long size() {
    return index().size();
  }

  @Override
  public List<MemoryHolding> holdings() {
    return index.map(LuceneIndex::holdings).orElse(List.of());
  }

  @Override
  public IndexHealth health() {
    return index
        .map(LuceneIndex::health)
        .orElseGet(
            () -> {
              String arithmetic = VectorArithmetic.implementation();
              return new IndexHealth(
                  false, problem, VectorArithmetic.isVectorised(arithmetic), arithmetic);
            });
  }
}
