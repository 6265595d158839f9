package io.sensorium.models.hub;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sensorium.api.RequestContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks what a repository holds at a revision. Thread-safe. */
final class HubApi {
  private static final int MAX_DEPTH = 64;
  private static final int MAX_PAGES = 1000;
  private static final Pattern NEXT = Pattern.compile("<([^>]*)>\\s*;\\s*rel=\"?next\"?");
  private static final String LICENCE_TAG = "license:";

  private static final ObjectMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
                  .build())
          .build();

  private final HubSettings settings;
  private final HubTransport transport;

  HubApi(HubSettings settings, HubTransport transport) {
    this.settings = settings;
    this.transport = transport;
  }

  /**
   * Lists a revision.
   *
   * @throws HubException if it cannot be had, or the answer is not what a hub says
   */
  HubListing list(HubReference reference, RequestContext context) {
    JsonNode model =
        ask(
                address("/api/models/%s/revision/%s", reference, reference.revision()),
                reference,
                context)
            .json();
    String commit = model.path("sha").asText("");
    if (!HubFile.isSha1(commit)) {
      throw strange(reference, "a revision without the commit it means: sha is '" + commit + "'");
    }
    if (reference.isCommit() && !commit.equals(reference.revision())) {
      throw strange(reference, "another commit, " + commit);
    }
    return new HubListing(commit, licence(model), files(reference, commit, context));
  }

  /** Where a file's bytes are. */
  URI fileAddress(HubReference reference, String commit, HubFile file) {
    List<String> parts = new ArrayList<>();
    for (String part : file.path().split("/", -1)) {
      parts.add(encoded(part));
    }
    String path = String.join("/", parts);
    return URI.create(
        settings.endpoint() + "/" + reference.repository() + "/resolve/" + commit + "/" + path);
  }

  private List<HubFile> files(HubReference reference, String commit, RequestContext context) {
    List<HubFile> files = new ArrayList<>();
    Optional<URI> page =
        Optional.of(address("/api/models/%s/tree/%s?recursive=true", reference, commit));
    for (int pages = 1; page.isPresent(); pages++) {
      Page answered = ask(page.get(), reference, context);
      if (!answered.json().isArray()) {
        throw strange(reference, "a tree that is no list");
      }
      for (JsonNode entry : answered.json()) {
        if (entry.path("type").asText().equals("file")) {
          files.add(file(reference, entry));
        }
      }
      if (files.size() > settings.limits().files() || pages > MAX_PAGES) {
        throw HubException.refused(
            "%s has more than %d files".formatted(reference, settings.limits().files()));
      }
      page = next(reference, answered.headers(), page.get());
    }
    return files;
  }

  private static HubFile file(HubReference reference, JsonNode entry) {
    JsonNode large = entry.path("lfs");
    String blob = large.isObject() ? large.path("oid").asText() : entry.path("oid").asText();
    long bytes = (large.isObject() ? large : entry).path("size").asLong(-1);
    try {
      return new HubFile(entry.path("path").asText(), bytes, blob);
    } catch (IllegalArgumentException e) {
      throw strange(reference, e.getMessage());
    }
  }

  /** The card's {@code license}; the hub also repeats it as a tag. */
  private static Optional<String> licence(JsonNode model) {
    JsonNode named = model.path("cardData").path("license");
    if (named.isArray() && !named.isEmpty()) {
      named = named.get(0);
    }
    if (named.isTextual() && !named.asText().isBlank()) {
      return Optional.of(named.asText());
    }
    for (JsonNode tag : model.path("tags")) {
      if (tag.asText().startsWith(LICENCE_TAG)) {
        return Optional.of(tag.asText().substring(LICENCE_TAG.length()));
      }
    }
    return Optional.empty();
  }

  private static Optional<URI> next(HubReference reference, HttpHeaders headers, URI page) {
    return headers.allValues("link").stream()
        .map(NEXT::matcher)
        .filter(Matcher::find)
        .map(match -> match.group(1))
        .map(
            link ->
                HubTransport.resolved(page, link)
                    .orElseThrow(
                        () -> strange(reference, "a next page that is no address: " + link)))
        .findFirst();
  }

  private Page ask(URI address, HubReference reference, RequestContext context) {
    Retries retries = new Retries(settings.patience(), "asking the hub for " + reference);
    while (true) {
      try (HubAnswer answer =
          transport.get(address, reference, Map.of("Accept", "application/json"), context)) {
        return new Page(JSON.readTree(read(answer, reference)), answer.headers());
      } catch (JsonProcessingException e) {
        throw strange(reference, "no JSON: " + e.getOriginalMessage());
      } catch (IOException e) {
        retries.afterFailure(e, context);
      }
    }
  }

  private byte[] read(HubAnswer answer, HubReference reference) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (List<ByteBuffer> piece = answer.body().next();
        piece != null;
        piece = answer.body().next()) {
      for (ByteBuffer buffer : piece) {
        byte[] part = new byte[buffer.remaining()];
        buffer.get(part);
        bytes.write(part);
      }
      if (bytes.size() > settings.limits().listingBytes()) {
        throw strange(
            reference, "more than %d bytes of names".formatted(settings.limits().listingBytes()));
      }
    }
    return bytes.toByteArray();
  }

  private URI address(String pattern, HubReference reference, String revision) {
    return URI.create(
        settings.endpoint() + pattern.formatted(reference.repository(), encoded(revision)));
  }

  private static String encoded(String part) {
    return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static HubException strange(HubReference reference, String answered) {
    return HubException.refused("the hub answered %s (for %s)".formatted(answered, reference));
  }

  private record Page(JsonNode json, HttpHeaders headers) {}
}
