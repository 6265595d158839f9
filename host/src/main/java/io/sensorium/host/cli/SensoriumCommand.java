package io.sensorium.host.cli;

import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The root: no work of its own. */
@Command(
    name = "sensorium",
    scope = ScopeType.INHERIT,
    mixinStandardHelpOptions = true,
    versionProvider = VersionLine.class,
    description = "Indexes and searches media across senses.",
    footer = {
      "",
      "Exit codes: 0 done; 1 failed, one line says why; 2 the command line makes no sense;",
      "3 done, but something was left out."
    },
    subcommands = {
      DemoCommand.class,
      RunCommand.class,
      IndexCommand.class,
      SearchCommand.class,
      EmbedCommand.class,
      ClassifyCommand.class,
      GenerateCommand.class,
      AskCommand.class,
      ModelsCommand.class,
      AdapterCommand.class,
      BundlesCommand.class,
      ReembedCommand.class,
      DoctorCommand.class,
      MemoryCommand.class,
      BenchCommand.class,
      AutoComplete.GenerateCompletion.class
    })
final class SensoriumCommand implements Runnable {
  @Mixin final GlobalOptions options;
  @Spec private CommandSpec spec;

  SensoriumCommand(CommandContext context) {
    this.options = context.options();
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "a command is required; see 'sensorium --help'");
  }
}
