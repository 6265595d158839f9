/**
 * A host as a bean of a Spring Boot application.
 *
 * <pre>{@code
 * @RestController
 * class Search {
 *   private final Sensorium sensorium;
 *
 *   Search(Sensorium sensorium) {
 *     this.sensorium = sensorium;
 *   }
 *
 *   @GetMapping("/search")
 *   List<String> search(@RequestParam String text) {
 *     return sensorium.search(SearchRequest.text(text)).stream().map(hit -> hit.entry().path()).toList();
 *   }
 * }
 * }</pre>
 */
package io.sensorium.spring.boot;
