/**
 * The little world: scenes with a look and a sound, described in sentences. It is what the default
 * models are taught and tested on, and where the demonstration takes its sample media from.
 *
 * <h2>Glossary</h2>
 *
 * <dl>
 *   <dt>thing
 *   <dd>something that can be both seen and heard, such as a bell
 *   <dt>group
 *   <dd>one to four equal things: one colour, one size
 *   <dt>scene
 *   <dd>one group at one of nine positions, or two groups of different things in a relation, before
 *       a background
 *   <dt>strike
 *   <dd>the sound that one thing makes once; a clip holds one per object. Size is heard as pitch;
 *       colour, position and background are not heard
 *   <dt>claim
 *   <dd>what a sentence says, decidable for every scene
 *   <dt>caption
 *   <dd>a sentence and its claim. A singular noun claims exactly one object, a plural without a
 *       number two or more
 *   <dt>split
 *   <dd>which scenes training may see: {@link io.sensorium.models.world.Split#TRAIN}, held-out
 *       combinations of trained pairs, and pairs of attributes never trained
 * </dl>
 *
 * <h2>Use</h2>
 *
 * <pre>{@code
 * RandomGenerator random = Seeds.generator(42);
 * SceneSampler sampler = new SceneSampler(0.3);
 * Scene scene = sampler.sample(Split.TRAIN, random);
 * Caption caption = new CaptionWriter(Naming.TRAINING).write(scene, random);
 * BufferedImage image = new SceneRenderer().render(scene, random, 80);
 * float[] clip = new SoundSynthesizer().render(scene, random, Acoustics.draw(random));
 * Scene other = sampler.sample(Split.TRAIN, caption.claim(), random); // another it is true of
 * PngFile.write(folder.resolve("scene.png"), image);
 * WaveFile.write(folder.resolve("scene.wav"), clip, SoundSynthesizer.SAMPLE_RATE);
 * }</pre>
 *
 * <h2>Invariants</h2>
 *
 * <ul>
 *   <li>Every caption is true of the scene that it was written for.
 *   <li>All randomness comes from the generator that a call is given: equal seeds give equal
 *       scenes, sentences, pixels and samples. Use {@link io.sensorium.models.world.Seeds}, whose
 *       algorithm is fixed.
 *   <li>Everything but the generators is immutable and may be shared between threads.
 * </ul>
 *
 * {@link io.sensorium.models.world.WorldSheets} writes sheets and clips to look at and listen to.
 */
package io.sensorium.models.world;
