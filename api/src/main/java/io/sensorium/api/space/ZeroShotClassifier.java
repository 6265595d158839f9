package io.sensorium.api.space;

import io.sensorium.api.RequestContext;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** Classifies an item against labels that were named only now. Thread-safe. */
@ProviderType
public interface ZeroShotClassifier {
  /**
   * The probability of each label: a softmax over cosine similarity divided by the temperature that
   * the item's model declares as calibrated. Follows CLIP (Radford et al. 2021), prompts ensembled.
   * A model may declare that its labels are independent, as SigLIP's are (Zhai et al. 2023): then
   * each has the sigmoid of its own similarity.
   *
   * @param item what to classify
   * @param labels at least two distinct, non-blank labels
   * @return one entry a label, most probable first; probabilities sum to 1 unless labels are
   *     independent
   */
  List<LabelProbability> classify(EncodeRequest item, List<String> labels, RequestContext context);

  /**
   * One label's probability.
   *
   * @param label as given
   * @param probability in [0, 1]
   */
  record LabelProbability(String label, double probability) {}
}
